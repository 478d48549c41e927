namespace Mlops.Workflows.Packages;

/// <summary>
/// The golden cases of a package: rows of a CSV file with inputs and, in the same row, the expected answer. The expected answer
/// of a classifier is in the column <c>expected</c>, else <c>label</c>, else the one named as the manifest's label; that of a field
/// in <c>expected_&lt;field&gt;</c>, else <c>&lt;field&gt;</c>. Empty cells are null inputs, and answers that are not compared.
/// </summary>
/// <param name="File">Path in the package.</param>
/// <param name="Inputs">Columns of the inputs, by name.</param>
/// <param name="Expected">Columns of the expected answers, by the name of the answer; <see cref="ClassAnswer"/> for classes.</param>
/// <param name="Rows">The cases with their lines.</param>
internal sealed record GoldenFile(
    string File,
    IReadOnlyDictionary<string, int> Inputs,
    IReadOnlyDictionary<string, int> Expected,
    IReadOnlyList<(int Line, IReadOnlyList<string?> Cells)> Rows)
{
    public const string DefaultName = "golden.csv";

    /// <summary>Name of the answer of a classifier.</summary>
    public const string ClassAnswer = "label";

    private const int MaxRows = 10_000;
    private const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>Reads the file of a package.</summary>
    /// <returns>The cases; <see langword="null"/> when there are findings.</returns>
    public static GoldenFile? Read(string folder, string file, WorkflowManifest manifest, FindingList findings)
    {
        string path = Path.Combine(folder, file);
        if (new FileInfo(path).Length > MaxBytes)
        {
            findings.Add(null, "golden-size", $"The file is longer than {MaxBytes} bytes.", "A few telling rows are enough.");
            return null;
        }

        int before = findings.All.Count;
        List<(int Line, IReadOnlyList<string?> Cells)> rows;
        try
        {
            rows = [.. CsvText.Rows(System.IO.File.ReadAllText(path)).Take(MaxRows + 2)];
        }
        catch (FormatException e)
        {
            findings.Add(null, "golden-syntax", e.Message, "Close the quote; a quote inside of a value is doubled.");
            return null;
        }

        if (rows.Count is < 2 or > MaxRows + 1)
        {
            findings.Add(null, "golden-rows", rows.Count < 2 ? "There is no case." : $"There are more than {MaxRows} cases.", "Write a line of column names and one line a case.");
            return null;
        }

        IReadOnlyList<string?> header = rows[0].Cells;
        rows.RemoveAt(0);
        foreach ((int line, IReadOnlyList<string?> cells) in rows.Where(r => r.Cells.Count != header.Count))
            findings.Add(line, "golden-cells", $"The row has {cells.Count} values where the header has {header.Count}.", "Give one value a column.");
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < header.Count; i++)
        {
            if (header[i]?.Trim() is not { Length: > 0 } name || !columns.TryAdd(name, i))
                findings.Add(1, "golden-column", $"Column {i + 1} has no name of its own.", "Name each column once.");
        }

        Dictionary<string, int> expected = FindExpected(columns, manifest);
        var inputs = columns
            .Where(c => manifest.Inputs is null ? !expected.ContainsValue(c.Value) : manifest.Inputs.Any(i => i.Name == c.Key))
            .ToDictionary(StringComparer.Ordinal);
        foreach (WorkflowInput input in manifest.Inputs?.Where(i => !inputs.ContainsKey(i.Name)) ?? [])
            findings.Add(1, "golden-column", $"There is no column for the input {FindingList.Quote(input.Name)}.", "Add it; leave its cells empty for null.");
        if (expected.Count == 0)
            findings.Add(1, "golden-column", "There is no column with the expected answer.", manifest.Output.Fields is null ? "Add the column 'expected'." : $"Add the column 'expected_{manifest.Output.Fields[0].Name}'.");
        return findings.All.Count > before ? null : new GoldenFile(file, inputs, expected, rows);
    }

    private static Dictionary<string, int> FindExpected(Dictionary<string, int> columns, WorkflowManifest manifest)
    {
        var expected = new Dictionary<string, int>(StringComparer.Ordinal);
        if (manifest.Output.Fields is { } fields)
        {
            foreach (WorkflowInput field in fields)
                Find(field.Name, [$"expected_{field.Name}", field.Name]);
        }
        else
        {
            Find(ClassAnswer, ["expected", "label", manifest.Label]);
        }

        return expected;

        void Find(string answer, ReadOnlySpan<string?> names)
        {
            foreach (string? name in names)
            {
                if (name is not null && columns.TryGetValue(name, out int column) && manifest.Inputs?.Any(i => i.Name == name) != true)
                {
                    expected.Add(answer, column);
                    return;
                }
            }
        }
    }
}

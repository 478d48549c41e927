namespace Mlops.Workflows.Packages;

/// <summary>
/// The golden cases of a package: rows of a CSV file with inputs and, in the same row, the expected answer. The expected answer
/// of a classifier is in the column <c>expected</c>, else <c>label</c>, else the one named as the manifest's label; that of a field
/// in <c>expected_&lt;field&gt;</c>, else in the JSON object in <c>expected</c>, else <c>&lt;field&gt;</c>. Empty cells are null inputs, and answers that are not compared.
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

    /// <summary>Gets the column with the times, where cases are put together into windows; <see langword="null"/> when there is none.</summary>
    public int? Times { get; init; }

    /// <summary>Name of the answer of a classifier.</summary>
    public const string ClassAnswer = "label";

    /// <summary>Reads the file of a package.</summary>
    /// <returns>The cases; <see langword="null"/> when there are findings.</returns>
    public static GoldenFile? Read(string folder, string file, WorkflowManifest manifest, FindingList findings)
    {
        int before = findings.All.Count;
        if (CsvTable.Read(Path.Combine(folder, file), "golden", "case", findings) is not { } table)
            return null;
        table = GoldenObjects.Spread(table, manifest, findings);
        Dictionary<string, int> expected = FindExpected(table.Columns, manifest);
        var inputs = table.Columns
            .Where(c => manifest.Inputs is null ? !(manifest.Window is not null && c.Key == SampleFile.Timestamp) && !expected.ContainsValue(c.Value) && !GoldenObjects.IsAnswer(c.Key, manifest) : manifest.Inputs.Any(i => i.Name == c.Key))
            .ToDictionary(StringComparer.Ordinal);
        foreach (WorkflowInput input in manifest.Inputs?.Where(i => !inputs.ContainsKey(i.Name)) ?? [])
            findings.Add(1, "golden-column", $"There is no column for the input {FindingList.Quote(input.Name)}.", "Add it; leave its cells empty for null.");
        if (expected.Count == 0)
            findings.Add(1, "golden-column", "There is no column with the expected answer.", manifest.Output.Fields is null ? "Add the column 'expected'." : $"Add the column 'expected_{manifest.Output.Fields[0].Name}'.");
        int? times = SampleFile.FindTimes(table, manifest, "golden", findings);
        return findings.All.Count > before ? null : new GoldenFile(file, inputs, expected, table.Rows) { Times = times };
    }

    private static Dictionary<string, int> FindExpected(IReadOnlyDictionary<string, int> columns, WorkflowManifest manifest)
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

using Mlops.Ingest;

namespace Mlops.Workflows.Packages;

/// <summary>A CSV file of a package: named columns and rows with the lines they begin on.</summary>
/// <param name="Columns">Where each column is, by name.</param>
/// <param name="Rows">The rows below the header; an empty cell is <see langword="null"/>.</param>
internal sealed record CsvTable(IReadOnlyDictionary<string, int> Columns, IReadOnlyList<(int Line, IReadOnlyList<string?> Cells)> Rows)
{
    private const int MaxRows = 10_000;
    private const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">What it holds, the first part of its rules: <c>golden</c> or <c>sample</c>.</param>
    /// <param name="what">What a row is, for messages: <c>case</c>.</param>
    /// <param name="findings">Takes what is wrong.</param>
    /// <returns>The table; <see langword="null"/> when there are findings.</returns>
    public static CsvTable? Read(string path, string kind, string what, FindingList findings)
    {
        if (new FileInfo(path).Length > MaxBytes)
        {
            findings.Add(null, $"{kind}-size", $"The file is longer than {MaxBytes} bytes.", "A few telling rows are enough.");
            return null;
        }

        int before = findings.All.Count;
        List<(int Line, IReadOnlyList<string?> Cells)> rows;
        try
        {
            using StreamReader text = File.OpenText(path);
            rows = [.. RowsOf(text).Take(MaxRows + 2)];
        }
        catch (FormatException e)
        {
            findings.Add(null, $"{kind}-syntax", e.Message, "Close the quote; a quote inside of a value is doubled.");
            return null;
        }

        if (rows.Count is < 2 or > MaxRows + 1)
        {
            findings.Add(null, $"{kind}-rows", rows.Count < 2 ? $"There is no {what}." : $"There are more than {MaxRows} {what}s.", $"Write a line of column names and one line a {what}.");
            return null;
        }

        IReadOnlyList<string?> header = rows[0].Cells;
        rows.RemoveAt(0);
        foreach ((int line, IReadOnlyList<string?> cells) in rows.Where(r => r.Cells.Count != header.Count))
            findings.Add(line, $"{kind}-cells", $"The row has {cells.Count} values where the header has {header.Count}.", "Give one value a column.");
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < header.Count; i++)
        {
            if (header[i]?.Trim() is not { Length: > 0 } name || !columns.TryAdd(name, i))
                findings.Add(1, $"{kind}-column", $"Column {i + 1} has no name of its own.", "Name each column once.");
        }

        return findings.All.Count > before ? null : new CsvTable(columns, rows);
    }

    private static IEnumerable<(int Line, IReadOnlyList<string?> Cells)> RowsOf(TextReader text)
    {
        var reader = new CsvReader(text);
        while (reader.Read())
            yield return ((int)reader.Line, [.. reader.Cells]);
    }
}

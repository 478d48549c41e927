namespace Mlops.Workflows.Packages;

/// <summary>The sample data of a package: a few rows to train on when it is uploaded, so that its golden cases can be run at once.</summary>
/// <param name="File">Path in the package.</param>
/// <param name="Inputs">Columns of the inputs, by name, in the order of the model's inputs.</param>
/// <param name="Label">Column with the truth; <see langword="null"/> for unsupervised workflows.</param>
/// <param name="Rows">The rows with their lines.</param>
internal sealed record SampleFile(string File, IReadOnlyList<(string Name, int Column)> Inputs, int? Label, IReadOnlyList<(int Line, IReadOnlyList<string?> Cells)> Rows)
{
    public const string DefaultName = "sample.csv";

    /// <summary>The name under which times travel in CSV; a column of its own unless the manifest says otherwise.</summary>
    public const string Timestamp = "timestamp";

    /// <summary>Gets the column with the times; <see langword="null"/> when there is none.</summary>
    public int? Times { get; init; }

    /// <summary>Reads the file of a package.</summary>
    /// <returns>The rows; <see langword="null"/> when there are findings.</returns>
    public static SampleFile? Read(string folder, string file, WorkflowManifest manifest, FindingList findings)
    {
        int before = findings.All.Count;
        if (CsvTable.Read(Path.Combine(folder, file), "sample", "row", findings) is not { } table)
            return null;
        if (manifest.Label is { } label && !table.Columns.ContainsKey(label))
            findings.Add(1, "sample-column", $"There is no column for the label {FindingList.Quote(label)}.", "Add it; leave cells empty where the truth is not known.");
        foreach (WorkflowInput input in manifest.Inputs?.Where(i => !table.Columns.ContainsKey(i.Name)) ?? [])
            findings.Add(1, "sample-column", $"There is no column for the input {FindingList.Quote(input.Name)}.", "Add it; leave its cells empty for null.");
        int? times = FindTimes(table, manifest, "sample", findings);
        if (findings.All.Count > before)
            return null;
        IEnumerable<string> names = manifest.Inputs?.Select(i => i.Name) ?? table.Columns.OrderBy(c => c.Value).Select(c => c.Key).Where(n => n != manifest.Label && n != Timestamp);
        return new SampleFile(file, [.. names.Select(n => (n, table.Columns[n]))], manifest.Label is null ? null : table.Columns[manifest.Label], table.Rows) { Times = times };
    }

    /// <summary>Finds the column with the times, which windows of time need.</summary>
    public static int? FindTimes(CsvTable table, WorkflowManifest manifest, string kind, FindingList findings)
    {
        if (table.Columns.TryGetValue(Timestamp, out int column))
            return column;
        if (manifest.Window?.Size is not null)
            findings.Add(1, $"{kind}-column", $"There is no column '{Timestamp}', and windows of time need it.", "Add it, with times such as 2026-01-31T12:00:00.020Z.");
        return null;
    }
}

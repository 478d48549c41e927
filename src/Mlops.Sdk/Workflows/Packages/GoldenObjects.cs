using System.Text.Json;

namespace Mlops.Workflows.Packages;

/// <summary>Golden answers of several fields that are written as JSON objects in the column <c>expected</c>: <c>{"height": 1.5, "ok": true}</c>.</summary>
internal static class GoldenObjects
{
    private const string Column = "expected";

    /// <summary>Tells whether a column holds answers as objects.</summary>
    public static bool IsAnswer(string column, WorkflowManifest manifest) =>
        column == Column && manifest.Output.Fields is not null && manifest.Inputs?.Any(i => i.Name == Column) != true;

    /// <summary>Gives each field of such answers a column of its own, unless it has one.</summary>
    public static CsvTable Spread(CsvTable table, WorkflowManifest manifest, FindingList findings)
    {
        if (!table.Columns.TryGetValue(Column, out int column) || !IsAnswer(Column, manifest) || manifest.Output.Fields!.Any(f => f.Name == Column))
            return table;
        string[] fields = [.. manifest.Output.Fields!.Select(f => f.Name).Where(f => !table.Columns.ContainsKey($"expected_{f}"))];
        var columns = new Dictionary<string, int>(table.Columns, StringComparer.Ordinal);
        for (int i = 0; i < fields.Length; i++)
            columns.Add($"expected_{fields[i]}", table.Columns.Count + i);
        return new CsvTable(columns, [.. table.Rows.Select(r => (r.Line, Cells(r.Line, r.Cells, column, fields, manifest, findings)))]);
    }

    private static IReadOnlyList<string?> Cells(int line, IReadOnlyList<string?> cells, int column, string[] fields, WorkflowManifest manifest, FindingList findings)
    {
        var answer = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (cells[column] is { } text && !TryRead(text, answer))
            findings.Add(line, "golden-value", $"The expected answer {FindingList.Quote(text)} is no JSON object of fields.", "Write for example {\"height\": 1.5, \"ok\": true}, as a CSV cell in quotes and with its own quotes doubled.");
        if (answer.Keys.FirstOrDefault(k => manifest.Output.Fields!.All(f => f.Name != k)) is { } unknown)
            findings.Add(line, "golden-value", $"The expected answer names {FindingList.Quote(unknown)}, which is no field of the output.", $"Its fields: {string.Join(", ", manifest.Output.Fields!.Select(f => f.Name))}.");
        return [.. cells, .. fields.Select(f => answer.GetValueOrDefault(f))];
    }

    private static bool TryRead(string text, Dictionary<string, string?> answer)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return false;
            foreach (JsonProperty field in document.RootElement.EnumerateObject())
            {
                if (field.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                    return false;
                answer[field.Name] = field.Value.ValueKind switch
                {
                    JsonValueKind.Null => null,
                    JsonValueKind.String => field.Value.GetString(),
                    _ => field.Value.GetRawText(),
                };
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

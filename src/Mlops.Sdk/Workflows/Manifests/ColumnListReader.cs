namespace Mlops.Workflows.Manifests;

/// <summary>Reads a list of <c>{name, type, unit}</c>: inputs, which may have a <c>default</c>, or fields of the output.</summary>
internal static class ColumnListReader
{
    private const int MaxColumns = 10_000;
    private const int MaxNameLength = 256;

    /// <summary>Reads the list; items that are wrong are left out and become findings.</summary>
    /// <param name="list">The list.</param>
    /// <param name="what">What an item is, for messages: <c>input</c>.</param>
    /// <param name="types">The types that are allowed.</param>
    /// <param name="findings">Takes what is wrong.</param>
    public static IReadOnlyList<WorkflowInput> Read(YamlSequence list, string what, IReadOnlyList<InputType> types, FindingList findings)
    {
        string[] names = [.. types.Select(t => t.ToString().ToLowerInvariant())];
        string remedy = $"Write '- {{name: a, type: {names[0]}}}'.";
        var columns = new List<WorkflowInput>(list.Items.Count);
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        if (list.Items.Count > MaxColumns)
            findings.Add(list.Line, $"{what}s", $"There are {list.Items.Count} {what}s, more than {MaxColumns}.", "Split the workflow.");
        foreach (YamlNode item in list.Items.Take(MaxColumns))
        {
            if (item is not YamlMapping mapping)
            {
                findings.Add(item.Line, "wrong-type", $"An {what} is {item.What} where a name and a type are expected.".Replace("An field", "A field", StringComparison.Ordinal), remedy);
                continue;
            }

            var reader = new MappingReader(mapping, what == "input" ? "An input" : "A field", what == "input" ? ["name", "type", "unit", "default"] : ["name", "type", "unit"], findings);
            string? name = Name(reader, what, remedy, findings);
            InputType? type = Type(reader, what, types, names, findings);
            string? unit = reader.Text("unit", reader.Find("unit"), "Write for example 'unit: mm'.")?.Text;
            object? @default = type is { } of ? Default(reader, of, name ?? "", findings) : null;
            if (name is not null && !seen.TryAdd(name, mapping.Line))
                findings.Add(mapping.Line, $"duplicate-{what}", $"The {what} {FindingList.Quote(name)} is given twice, first in line {seen[name]}.", "Keep one of them.");
            else if (name is not null && type is { } known)
                columns.Add(new WorkflowInput(name, known, unit) { Default = @default });
        }

        return columns;
    }

    private static string? Name(MappingReader reader, string what, string remedy, FindingList findings)
    {
        if (reader.Text("name", reader.Require("name", remedy), remedy) is not { } scalar)
            return null;
        if (scalar.Text.Trim().Length == 0 || scalar.Text.Length > MaxNameLength || scalar.Text.Any(char.IsControl))
            findings.Add(scalar.Line, $"{what}-name", $"The name {FindingList.Quote(scalar.Text)} is not allowed.", $"Use 1 to {MaxNameLength} printable characters.");
        return scalar.Text;
    }

    private static object? Default(MappingReader reader, InputType type, string name, FindingList findings)
    {
        if (reader.Find("default") is not { } node)
            return null;
        object? value = null;
        if (node is YamlScalar scalar && ScalarValue.TryRead(scalar, out value, out _) && (type, value) is (InputType.Number, long or double) or (InputType.Integer, long) or (InputType.Boolean, bool) or (InputType.Text or InputType.Image, string))
            return value;
        (string what, string example) = type switch
        {
            InputType.Number => ("number", "default: 0.5"),
            InputType.Integer => ("whole number", "default: 0"),
            InputType.Boolean => ("boolean", "default: false"),
            _ => ("text", "default: \"unknown\""),
        };
        findings.Add(node.Line, "input-default", $"The default of input {FindingList.Quote(name)} is {node.What}, which is no {what}.", $"Write for example '{example}'.");
        return null;
    }

    private static InputType? Type(MappingReader reader, string what, IReadOnlyList<InputType> types, string[] names, FindingList findings)
    {
        string remedy = $"Known: {string.Join(", ", names)}.";
        if (reader.Text("type", reader.Require("type", $"Add 'type: {names[0]}'. {remedy}"), remedy) is not { } scalar)
            return null;
        int index = Array.IndexOf(names, scalar.Text);
        if (index >= 0)
            return types[index];
        findings.Add(scalar.Line, $"{what}-type", $"The type {FindingList.Quote(scalar.Text)} is not known.", $"{NearestName.Hint(scalar.Text, names).TrimStart()} {remedy}".TrimStart());
        return null;
    }
}

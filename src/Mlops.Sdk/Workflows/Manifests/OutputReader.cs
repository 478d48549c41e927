namespace Mlops.Workflows.Manifests;

/// <summary>Reads <c>output</c>: either classes or fields.</summary>
internal static class OutputReader
{
    private const string Remedy = "Write either '{classes: [good, bad]}' or '{fields: [{name: score, type: number}]}'.";

    public static WorkflowOutput Read(YamlNode? node, FindingList findings)
    {
        var none = new WorkflowOutput();
        if (node is null)
            return none;
        if (node is not YamlMapping mapping)
        {
            findings.Add(node.Line, "output", $"'output' is {node.What}.", Remedy);
            return none;
        }

        var reader = new MappingReader(mapping, "'output'", ["classes", "fields"], findings);
        YamlNode? classes = reader.Find("classes"), fields = reader.Find("fields");
        if ((classes is null) == (fields is null))
            findings.Add(node.Line, "output", classes is null ? "'output' has neither classes nor fields." : "'output' has both classes and fields.", Remedy);
        return new WorkflowOutput
        {
            Classes = classes is null ? null : Classes(classes, findings),
            Fields = fields is null ? null : Fields(fields, findings),
        };
    }

    private static List<string> Classes(YamlNode node, FindingList findings)
    {
        var classes = new List<string>();
        if (node is not YamlSequence)
            findings.Add(node.Line, "wrong-type", $"'classes' is {node.What} where a list is expected.", "Write for example 'classes: [good, bad]', or [] for the classes that training meets.");
        foreach (YamlNode item in (node as YamlSequence)?.Items ?? [])
        {
            if (item is not YamlScalar { Text.Length: > 0 } scalar)
                findings.Add(item.Line, "wrong-type", $"A class is {item.What} where a text is expected.", "Name the class.");
            else if (classes.Contains(scalar.Text))
                findings.Add(item.Line, "duplicate-class", $"The class {FindingList.Quote(scalar.Text)} is given twice.", "Keep one of them.");
            else
                classes.Add(scalar.Text);
        }

        return classes;
    }

    private static IReadOnlyList<WorkflowInput> Fields(YamlNode node, FindingList findings)
    {
        if (node is YamlSequence { Items.Count: > 0 } list)
            return ColumnListReader.Read(list, "field", [InputType.Number, InputType.Integer, InputType.Text, InputType.Boolean], findings);
        findings.Add(node.Line, "wrong-type", $"'fields' is {(node is YamlSequence ? "an empty list" : node.What)}.", "Write for example 'fields: [{name: score, type: number}]'.");
        return [];
    }
}

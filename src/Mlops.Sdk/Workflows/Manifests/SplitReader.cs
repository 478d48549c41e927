using Mlops.Store.Selection;

namespace Mlops.Workflows.Manifests;

/// <summary>Reads <c>split</c>: which records a training holds out where its request does not say.</summary>
internal static class SplitReader
{
    private const string Remedy = "Write for example 'split: {kind: time, heldOut: 0.2}'; kinds are random (the default), time, and group with the field of the groups.";

    public static SplitRule? Read(YamlNode? node, FindingList findings)
    {
        if (node is null)
            return null;
        if (node is not YamlMapping mapping)
        {
            findings.Add(node.Line, "wrong-type", $"'split' is {node.What} where keys with values are expected.", Remedy);
            return null;
        }

        var reader = new MappingReader(mapping, "'split'", ["kind", "heldOut", "seed", "field"], findings);
        var rule = new SplitRule(Kind(reader, findings));
        if (reader.Find("heldOut") is { } part)
            rule = rule with { HeldOut = Number(part) is > 0 and < 1 and double heldOut ? heldOut : Refused(part, "The part to be held out", findings) };
        if (reader.Find("seed") is { } seed)
            rule = rule with { Seed = seed is YamlScalar scalar && ScalarValue.TryRead(scalar, out object? value, out _) && value is long whole ? whole : (long)Refused(seed, "The seed of the split", findings) };
        string? field = reader.Text("field", reader.Find("field"), Remedy)?.Text;
        if ((rule.Kind == SplitKind.Group) != (reader.Find("field") is not null))
            findings.Add(reader.Line, "split-field", rule.Kind == SplitKind.Group ? "'split' by group lacks 'field'." : "'split' has a field and is not by group.", Remedy);
        return rule with { Field = field };
    }

    private static SplitKind Kind(MappingReader reader, FindingList findings)
    {
        switch (reader.Find("kind"))
        {
            case null or YamlScalar { Text: "random" }:
                return SplitKind.Random;
            case YamlScalar { Text: "time" }:
                return SplitKind.Time;
            case YamlScalar { Text: "group" }:
                return SplitKind.Group;
            case { } other:
                Refused(other, "The kind of the split", findings);
                return default;
        }
    }

    private static double? Number(YamlNode node) => node is YamlScalar scalar && ScalarValue.TryRead(scalar, out object? value, out _) ? value as double? ?? value as long? : null;

    private static double Refused(YamlNode node, string what, FindingList findings)
    {
        findings.Add(node.Line, "split", $"{what} is {node.What}.", Remedy);
        return 0;
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mlops.Workflows.Manifests;

/// <summary>Holds YAML against the part of JSON Schema that workflow.schema.json uses; an unknown keyword fails the test.</summary>
internal sealed class SchemaCheck(JsonElement root)
{
    public bool IsValid(YamlNode node) => IsValid(root, node);

    private bool IsValid(JsonElement schema, YamlNode node) => schema.EnumerateObject().All(keyword => keyword.Name switch
    {
        "$schema" or "title" or "description" or "$defs" => true,
        "$ref" => IsValid(root.GetProperty("$defs").GetProperty(keyword.Value.GetString()!["#/$defs/".Length..]), node),
        "type" => keyword.Value.ValueKind == JsonValueKind.Array ? keyword.Value.EnumerateArray().Any(t => TypesOf(node).Contains(t.GetString())) : TypesOf(node).Contains(keyword.Value.GetString()),
        "const" => IsEqual(keyword.Value, node),
        "enum" => keyword.Value.EnumerateArray().Any(v => IsEqual(v, node)),
        "oneOf" => keyword.Value.EnumerateArray().Count(s => IsValid(s, node)) == 1,
        "not" => !IsValid(keyword.Value, node),
        "pattern" => Text(node) is not { } text || Regex.IsMatch(text, keyword.Value.GetString()!),
        "minLength" => Text(node) is not { } text || text.Length >= keyword.Value.GetInt32(),
        "maxLength" => Text(node) is not { } text || text.Length <= keyword.Value.GetInt32(),
        "required" => node is not YamlMapping mapping || keyword.Value.EnumerateArray().All(r => Entries(mapping).TryGetValue(r.GetString()!, out YamlNode? value) && value is not YamlScalar { IsNull: true }),
        "properties" => node is not YamlMapping mapping || keyword.Value.EnumerateObject().All(p => !Entries(mapping).TryGetValue(p.Name, out YamlNode? value) || IsValid(p.Value, value)),
        "additionalProperties" => node is not YamlMapping mapping || Entries(mapping).All(e =>
            (schema.TryGetProperty("properties", out JsonElement named) && named.TryGetProperty(e.Key, out _)) || (keyword.Value.ValueKind == JsonValueKind.Object && IsValid(keyword.Value, e.Value))),
        "propertyNames" => node is not YamlMapping mapping || mapping.Entries.All(e => IsValid(keyword.Value, e.Key with { Quoted = true })),
        "items" => node is not YamlSequence list || list.Items.All(i => IsValid(keyword.Value, i)),
        "exclusiveMinimum" => Number(node) is not { } number || number > keyword.Value.GetDouble(),
        "exclusiveMaximum" => Number(node) is not { } number || number < keyword.Value.GetDouble(),
        "minItems" => node is not YamlSequence list || list.Items.Count >= keyword.Value.GetInt32(),
        "maxItems" => node is not YamlSequence list || list.Items.Count <= keyword.Value.GetInt32(),
        "uniqueItems" => node is not YamlSequence list || list.Items.OfType<YamlScalar>().Select(s => s.Text).Distinct().Count() == list.Items.Count(i => i is YamlScalar),
        _ => throw new InvalidOperationException($"The schema uses '{keyword.Name}', which this check does not know."),
    });

    private static Dictionary<string, YamlNode> Entries(YamlMapping mapping) => mapping.Entries.DistinctBy(e => e.Key.Text).ToDictionary(e => e.Key.Text, e => e.Value);

    // A plain scalar may be taken for a text as well: people write 'name: 7'.
    private static string[] TypesOf(YamlNode node) => node switch
    {
        YamlMapping => ["object"],
        YamlSequence => ["array"],
        YamlScalar { IsNull: true } => ["null"],
        YamlScalar scalar when ScalarValue.TryRead(scalar, out object? value, out _) => value switch
        {
            bool => ["boolean", "string"],
            long => ["integer", "number", "string"],
            double => ["number", "string"],
            _ => ["string"],
        },
        _ => ["string"],
    };

    private static double? Number(YamlNode node) => node is YamlScalar scalar && ScalarValue.TryRead(scalar, out object? value, out _) ? value as double? ?? value as long? : null;

    private static string? Text(YamlNode node) => node is YamlScalar { IsNull: false } scalar ? scalar.Text : null;

    private static bool IsEqual(JsonElement value, YamlNode node) => node is YamlScalar scalar && value.ValueKind switch
    {
        JsonValueKind.Null => scalar.IsNull,
        JsonValueKind.String => !scalar.IsNull && scalar.Text == value.GetString(),
        JsonValueKind.True or JsonValueKind.False => ScalarValue.Boolean(scalar) == value.GetBoolean(),
        _ => scalar.Text == value.GetDouble().ToString(CultureInfo.InvariantCulture),
    };
}

using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Mlops.Drivers.Settings;

/// <summary>
/// The secrets among settings. At rest each is an object <c>{"$protected": "…"}</c>, which no setting can be by accident, so they are
/// found without their class; in lists and exports each is <see cref="Hidden"/>.
/// </summary>
internal static class SecretSettings
{
    /// <summary>Stands for a secret that is not shown; given back, it means "as it is".</summary>
    public const string Hidden = "********";

    private const string Marker = "$protected";

    /// <summary>Returns a copy in which the secrets are protected.</summary>
    /// <param name="settings">In the spelling of their class.</param>
    /// <param name="type">Their class.</param>
    /// <param name="protect">Gets the path and the JSON text of a secret, and returns what is kept.</param>
    public static JsonObject Protect(JsonObject settings, Type type, Func<string, string, string> protect) =>
        (JsonObject)Protect(settings, SettingsJson.Options.GetTypeInfo(type), "", secret: false, protect)!;

    /// <summary>Returns a copy in which the secrets are plain again.</summary>
    public static JsonObject Reveal(JsonObject settings, Func<string, string, string> reveal) =>
        (JsonObject)Map(settings, "", (path, kept) => JsonNode.Parse(reveal(path, kept)))!;

    /// <summary>Returns a copy in which the secrets are hidden.</summary>
    public static JsonObject Hide(JsonObject settings) => (JsonObject)Map(settings, "", (_, _) => Hidden)!;

    /// <summary>Returns a copy in which hidden values are those of other settings, at the same place.</summary>
    /// <param name="settings">In the spelling of their class, plain or hidden.</param>
    /// <param name="type">Their class.</param>
    /// <param name="kept">Plain; <see langword="null"/> when there are none.</param>
    /// <param name="missing">Gets the paths that are hidden and have nothing kept.</param>
    public static JsonObject Restore(JsonObject settings, Type type, JsonObject? kept, ICollection<string> missing) =>
        (JsonObject)Restore(settings, SettingsJson.Options.GetTypeInfo(type), kept, "", secret: false, missing)!;

    private static JsonNode? Protect(JsonNode? node, JsonTypeInfo? type, string path, bool secret, Func<string, string, string> protect) =>
        Walk(node, type, path, secret, (at, leaf) => new JsonObject { [Marker] = protect(at, leaf.ToJsonString()) });

    private static JsonNode? Restore(JsonNode? node, JsonTypeInfo type, JsonObject? kept, string path, bool secret, ICollection<string> missing) =>
        Walk(node, type, path, secret, (at, leaf) =>
        {
            if (leaf is not JsonValue value || !value.TryGetValue(out string? text) || text != Hidden)
                return leaf.DeepClone();
            if (Find(kept, at) is { } found)
                return found.DeepClone();
            missing.Add(at[1..]);
            return null;
        });

    // Calls map for each leaf that is a secret, by its own mark or by that of a setting above it.
    private static JsonNode? Walk(JsonNode? node, JsonTypeInfo? type, string path, bool secret, Func<string, JsonNode, JsonNode?> map)
    {
        switch (node)
        {
            case JsonObject members:
                var copy = new JsonObject();
                foreach ((string key, JsonNode? value) in members)
                {
                    JsonPropertyInfo? property = type?.Kind == JsonTypeInfoKind.Object
                        ? type.Properties.FirstOrDefault(p => p.Name.Equals(key, StringComparison.OrdinalIgnoreCase)) : null;
                    Type? of = property?.PropertyType ?? type?.ElementType;
                    copy[key] = Walk(value, Info(of), $"{path}/{property?.Name ?? key}", secret || (property is not null && SettingsJson.IsSecret(property)), map);
                }

                return copy;
            case JsonArray items:
                return new JsonArray([.. items.Select((item, i) => Walk(item, Info(type?.ElementType), $"{path}/{i}", secret, map))]);
            case null:
                return null;
            default:
                return secret ? map(path, node) : node.DeepClone();
        }
    }

    private static JsonNode? Map(JsonNode? node, string path, Func<string, string, JsonNode?> map)
    {
        switch (node)
        {
            case JsonObject { Count: 1 } kept when kept[Marker] is JsonValue value && value.TryGetValue(out string? text):
                return map(path, text);
            case JsonObject members:
                var copy = new JsonObject();
                foreach ((string key, JsonNode? value) in members)
                    copy[key] = Map(value, $"{path}/{key}", map);
                return copy;
            case JsonArray items:
                return new JsonArray([.. items.Select((item, i) => Map(item, $"{path}/{i}", map))]);
            default:
                return node?.DeepClone();
        }
    }

    private static JsonNode? Find(JsonNode? node, string path)
    {
        foreach (string part in path[1..].Split('/'))
        {
            node = node switch
            {
                JsonObject members => members[part],
                JsonArray items when int.TryParse(part, out int i) && i < items.Count => items[i],
                _ => null,
            };
        }

        return node;
    }

    private static JsonTypeInfo? Info(Type? type) => type is null ? null : SettingsJson.Options.GetTypeInfo(SettingsJson.Unwrap(type));
}

using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Mlops.Workflows;

namespace Mlops.Drivers.Settings;

/// <summary>
/// Turns settings as people, forms and configurations write them (any case, numbers as text) into the one spelling of their class,
/// and into an instance of it. Collects everything that is wrong instead of stopping at the first.
/// </summary>
internal sealed class SettingsReader
{
    private readonly List<SettingFinding> _findings = [];

    private SettingsReader()
    {
    }

    /// <summary>Reads settings into their class.</summary>
    /// <param name="asset">Id of the asset, for messages.</param>
    /// <param name="settings">The settings; not changed.</param>
    /// <param name="type">The class.</param>
    /// <param name="remedy">Where to correct them, for messages.</param>
    /// <exception cref="DriverConfigurationException">Something is wrong; the message names all of it.</exception>
    public static BoundSettings Read(string asset, JsonObject settings, Type type, string remedy)
    {
        var reader = new SettingsReader();
        JsonObject spelled = reader.Object(settings, SettingsJson.Options.GetTypeInfo(type), "", secret: false);
        object? bound = null;
        if (reader._findings.Count == 0)
        {
            try
            {
                bound = spelled.Deserialize(type, SettingsJson.Options) ?? throw new JsonException("they are null.");
                reader.Validate(bound, "");
            }
            catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException)
            {
                reader._findings.Add(new SettingFinding("", $"The settings cannot be read: {e.Message}"));
            }
        }

        return reader._findings.Count == 0
            ? new BoundSettings(spelled, bound!)
            : throw new DriverConfigurationException($"Asset '{asset}': {string.Join(" ", reader._findings.Select(f => f.Message))} Correct {remedy}.") { Findings = reader._findings };
    }

    private JsonObject Object(JsonObject given, JsonTypeInfo type, string path, bool secret)
    {
        var spelled = new JsonObject();
        foreach ((string key, JsonNode? value) in given)
        {
            if (SettingsJson.Settable(type).FirstOrDefault(p => p.Name.Equals(key, StringComparison.OrdinalIgnoreCase)) is not { } property)
            {
                IEnumerable<string> known = SettingsJson.Settable(type).Select(p => p.Name);
                Add(path + key, $"Setting '{path}{key}' is not known.{NearestName.Hint(key, known)} Known: {string.Join(", ", known)}.");
            }
            else if (spelled.ContainsKey(property.Name))
            {
                Add(path + property.Name, $"Setting '{path}{property.Name}' is given twice. Keep one of them.");
            }
            else
            {
                spelled[property.Name] = Value(value, property.PropertyType, path + property.Name, secret || SettingsJson.IsSecret(property));
            }
        }

        foreach (JsonPropertyInfo property in SettingsJson.Settable(type).Where(p => p.IsRequired && !spelled.ContainsKey(p.Name)))
            Add(path + property.Name, $"Setting '{path}{property.Name}' is missing. Give it a value.");
        return spelled;
    }

    private JsonNode? Value(JsonNode? given, Type type, string path, bool secret)
    {
        if (given is null)
            return null;
        JsonTypeInfo info = SettingsJson.Options.GetTypeInfo(SettingsJson.Unwrap(type));
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object when given is JsonObject members:
                return Object(members, info, path + ".", secret);
            case JsonTypeInfoKind.Dictionary when given is JsonObject entries:
                var dictionary = new JsonObject();
                foreach ((string key, JsonNode? value) in entries)
                    dictionary[key] = Value(value, info.ElementType!, $"{path}.{key}", secret);
                return dictionary;
            case JsonTypeInfoKind.Enumerable when Items(given) is { } items:
                return new JsonArray([.. items.Select((item, i) => Value(item, info.ElementType!, $"{path}[{i}]", secret))]);
            case JsonTypeInfoKind.None:
                return Scalar(given, info.Type, path, secret);
            default:
                Wrong(given, path, secret, info.Kind == JsonTypeInfoKind.Enumerable ? "a list" : "a group of settings");
                return null;
        }
    }

    // Configurations have no lists: they write them as entries 0, 1, 2 and so on.
    private static IEnumerable<JsonNode?>? Items(JsonNode given) => given switch
    {
        JsonArray array => array,
        JsonObject entries when entries.All(e => int.TryParse(e.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)) =>
            entries.OrderBy(e => int.Parse(e.Key, CultureInfo.InvariantCulture)).Select(e => e.Value),
        JsonValue value when value.TryGetValue(out string? text) && text.Length == 0 => [],
        _ => null,
    };

    private JsonNode? Scalar(JsonNode given, Type type, string path, bool secret)
    {
        foreach (JsonNode candidate in Spellings(given, type))
        {
            try
            {
                // What the class makes of it, written again, is the one spelling.
                return JsonSerializer.SerializeToNode(candidate.Deserialize(type, SettingsJson.Options), type, SettingsJson.Options);
            }
            catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or NotSupportedException)
            {
                // The next spelling, or the finding below.
            }
        }

        Wrong(given, path, secret, Wanted(type));
        return null;
    }

    private static IEnumerable<JsonNode> Spellings(JsonNode given, Type type)
    {
        yield return given;
        if (given is not JsonValue value)
            yield break;
        if (!value.TryGetValue(out string? text))
        {
            if (type == typeof(string))
                yield return JsonValue.Create(value.ToJsonString());
            yield break;
        }

        text = text.Trim();
        if (type.IsEnum && Enum.GetNames(type).FirstOrDefault(n => n.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name)
            yield return JsonValue.Create(JsonNamingPolicy.CamelCase.ConvertName(name));
        if (bool.TryParse(text, out bool truth))
            yield return JsonValue.Create(truth);
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number))
            yield return JsonValue.Create(number);
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) && double.IsFinite(real))
            yield return JsonValue.Create(real);
    }

    private static string Wanted(Type type) => true switch
    {
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(TimeSpan) => "a duration such as 00:00:05",
        _ when type == typeof(DateTimeOffset) || type == typeof(DateTime) => "a time such as 2026-01-31T12:00:00Z",
        _ when type.IsEnum => "one of: " + string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName)),
        _ when type == typeof(float) || type == typeof(double) || type == typeof(decimal) => "a number",
        _ when type.IsPrimitive => "a whole number that fits",
        _ when type == typeof(string) => "text",
        _ => type.Name,
    };

    private void Wrong(JsonNode given, string path, bool secret, string wanted) =>
        Add(path, $"Setting '{path}' {(secret ? "cannot be read" : $"is {Shown(given)}")}. Give {wanted}.");

    private void Validate(object bound, string path)
    {
        var results = new List<ValidationResult>();
        JsonTypeInfo type = SettingsJson.Options.GetTypeInfo(bound.GetType());
        Validator.TryValidateObject(bound, new ValidationContext(bound), results, validateAllProperties: true);
        foreach (ValidationResult result in results)
        {
            string member = result.MemberNames.FirstOrDefault() ?? "";
            string name = JsonNamingPolicy.CamelCase.ConvertName(member);
            JsonPropertyInfo? property = type.Properties.FirstOrDefault(p => p.Name == name);
            string value = property?.Get is null || SettingsJson.IsSecret(property) || property.Get(bound) is not { } given
                ? "" : $" is {Shown(JsonSerializer.SerializeToNode(given, given.GetType(), SettingsJson.Options))}";
            Add(path + name, member.Length == 0 ? result.ErrorMessage ?? "The settings do not go together." : $"Setting '{path}{name}'{value}: {result.ErrorMessage}");
        }

        foreach (JsonPropertyInfo property in SettingsJson.Settable(type))
        {
            object? value = property.Get?.Invoke(bound);
            if (value is null or string)
                continue;
            if (value is IDictionary entries)
            {
                foreach (object key in entries.Keys)
                    ValidateItem(entries[key], $"{path}{property.Name}.{key}.");
            }
            else if (value is IEnumerable items)
            {
                int i = 0;
                foreach (object? item in items)
                    ValidateItem(item, $"{path}{property.Name}[{i++}].");
            }
            else
            {
                ValidateItem(value, $"{path}{property.Name}.");
            }
        }
    }

    private void ValidateItem(object? item, string path)
    {
        if (item is not null && SettingsJson.Options.GetTypeInfo(item.GetType()).Kind == JsonTypeInfoKind.Object)
            Validate(item, path);
    }

    private void Add(string setting, string message) => _findings.Add(new SettingFinding(setting, message));

    private static string Shown(JsonNode? node)
    {
        string text = node switch
        {
            JsonValue value when value.TryGetValue(out string? s) => $"'{s}'",
            null => "nothing",
            _ => node.ToJsonString(SettingsJson.Options),
        };
        return text.Length > 100 ? text[..100] + "…" : text;
    }
}

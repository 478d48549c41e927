using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace Mlops.Drivers.Settings;

/// <summary>
/// Makes the JSON schema of a settings class, from which forms are drawn: the framework's exporter gives types and structure, the
/// class's annotations give titles, descriptions, bounds and what is required or secret, and a new instance gives the defaults.
/// </summary>
internal static class SettingsSchema
{
    private static readonly JsonSchemaExporterOptions Exporter = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };

    public static JsonObject Create(Type type) => SettingsJson.Options.GetJsonSchemaAsNode(type, Exporter).AsObject();

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        if (node is not JsonObject schema)
            return node;
        if (context.TypeInfo.Kind == JsonTypeInfoKind.Object && schema["properties"] is JsonObject properties)
            Complete(context.TypeInfo, schema, properties);
        if (context.PropertyInfo is { } property)
            Annotate(property, schema);
        return schema;
    }

    private static void Complete(JsonTypeInfo type, JsonObject schema, JsonObject properties)
    {
        object? defaults = type.CreateObject?.Invoke();
        var required = new JsonArray();
        foreach (JsonPropertyInfo property in type.Properties)
        {
            if (property.Set is null)
            {
                properties.Remove(property.Name);
                continue;
            }

            if (property.IsRequired || SettingsJson.Attribute<RequiredAttribute>(property) is not null)
                required.Add(property.Name);
            if (defaults is not null && !SettingsJson.IsSecret(property) && property.Get?.Invoke(defaults) is { } value && properties[property.Name] is JsonObject of
                && value is not "")
            {
                of["default"] = JsonSerializer.SerializeToNode(value, property.PropertyType, SettingsJson.Options);
            }
        }

        schema.Remove("required");
        if (required.Count > 0)
            schema["required"] = required;
        schema["additionalProperties"] = false;
    }

    private static void Annotate(JsonPropertyInfo property, JsonObject schema)
    {
        foreach (object attribute in property.AttributeProvider?.GetCustomAttributes(inherit: true) ?? [])
        {
            switch (attribute)
            {
                case DisplayAttribute display:
                    Set(schema, "title", display.GetName());
                    Set(schema, "description", display.GetDescription());
                    break;
                case DisplayNameAttribute name:
                    Set(schema, "title", name.DisplayName);
                    break;
                case DescriptionAttribute description:
                    Set(schema, "description", description.Description);
                    break;
                case RangeAttribute range:
                    schema["minimum"] = Bound(range, range.Minimum);
                    schema["maximum"] = Bound(range, range.Maximum);
                    break;
                case StringLengthAttribute length:
                    schema["minLength"] = length.MinimumLength;
                    schema["maxLength"] = length.MaximumLength;
                    break;
                case MinLengthAttribute minimum:
                    schema[IsList(schema) ? "minItems" : "minLength"] = minimum.Length;
                    break;
                case MaxLengthAttribute maximum:
                    schema[IsList(schema) ? "maxItems" : "maxLength"] = maximum.Length;
                    break;
                case RegularExpressionAttribute expression:
                    schema["pattern"] = expression.Pattern;
                    break;
                case AllowedValuesAttribute allowed:
                    schema["enum"] = new JsonArray([.. allowed.Values.Select(v => JsonSerializer.SerializeToNode(v, SettingsJson.Options))]);
                    break;
                case UrlAttribute:
                    schema["format"] = "uri";
                    break;
            }
        }

        if (SettingsJson.Unwrap(property.PropertyType) == typeof(TimeSpan))
            schema["format"] = "duration-hms";
        if (SettingsJson.IsSecret(property))
        {
            schema["format"] = "password";
            schema["writeOnly"] = true;
            schema.Remove("default");
        }
    }

    // Numbers as numbers; bounds of other types, for example durations, as the text in which their values are written.
    private static JsonNode? Bound(RangeAttribute range, object bound) =>
        bound is string text && range.OperandType != typeof(string)
            && JsonSerializer.SerializeToNode(TypeDescriptor.GetConverter(range.OperandType).ConvertFromString(null, CultureInfo.InvariantCulture, text), range.OperandType, SettingsJson.Options) is { } parsed
            ? parsed
            : JsonSerializer.SerializeToNode(bound, bound.GetType(), SettingsJson.Options);

    private static bool IsList(JsonObject schema) => schema["items"] is not null;

    private static void Set(JsonObject schema, string keyword, string? text)
    {
        if (!string.IsNullOrEmpty(text))
            schema[keyword] = text;
    }
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Mlops.Drivers.Settings;

/// <summary>How the settings of assets look as JSON: names in camel case, enums by name, durations as <c>hh:mm:ss</c>.</summary>
internal static class SettingsJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Returns the settings that a class has: its properties with a setter.</summary>
    public static IEnumerable<JsonPropertyInfo> Settable(JsonTypeInfo type) => type.Properties.Where(p => p.Set is not null);

    public static T? Attribute<T>(JsonPropertyInfo property)
        where T : Attribute => (T?)property.AttributeProvider?.GetCustomAttributes(typeof(T), inherit: true).FirstOrDefault();

    /// <summary>Tells whether a setting is a secret: it is marked as a password.</summary>
    public static bool IsSecret(JsonPropertyInfo property) =>
        Attribute<DataTypeAttribute>(property) is { DataType: DataType.Password } || Attribute<PasswordPropertyTextAttribute>(property) is { Password: true };

    /// <summary>Returns the type behind <c>T?</c>.</summary>
    public static Type Unwrap(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            PropertyNameCaseInsensitive = true,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        };
        options.MakeReadOnly();
        return options;
    }
}

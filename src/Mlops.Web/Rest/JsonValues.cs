using System.Text.Json;
using System.Text.Json.Nodes;
using Mlops.Client;

namespace Mlops.Web.Rest;

/// <summary>Turns values of records and parameters into JSON and back.</summary>
internal static class JsonValues
{
    public static JsonNode? ToJson(object? value) => value switch
    {
        null => null,
        JsonNode node => node.DeepClone(),
        bool truth => JsonValue.Create(truth),
        string text => JsonValue.Create(text),
        double number => Number(number),
        float number => Number(number),
        ulong number => JsonValue.Create(number),
        IConvertible and (long or int or short or byte or uint or ushort or sbyte) => JsonValue.Create(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)),
        DateTimeOffset time => JsonSerializer.SerializeToNode(time, MlopsJson.Of<DateTimeOffset>()),
        System.Collections.IEnumerable items => new JsonArray([.. items.Cast<object?>().Select(ToJson)]),
        _ => JsonValue.Create(value.ToString()),
    };

    public static JsonObject ToJson(IEnumerable<KeyValuePair<string, object?>> values)
    {
        var json = new JsonObject();
        foreach ((string name, object? value) in values)
            json[name] = ToJson(value);
        return json;
    }

    /// <summary>Returns text, a number (whole where it is written so), true, false or null.</summary>
    /// <exception cref="ProblemException">It is an object or a list.</exception>
    public static object? ToScalar(string name, JsonNode? node) => node switch
    {
        null => null,
        JsonValue value when value.GetValueKind() is var kind => kind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String => value.GetValue<string>(),
            _ => Number(value.ToJsonString()),
        },
        _ => throw ProblemException.Invalid($"'{name}' is {(node is JsonObject ? "an object" : "a list")}.", "Give text, a number, true, false or null."),
    };

    private static object Number(string text)
    {
        if (!text.AsSpan().ContainsAny('.', 'e', 'E'))
        {
            if (long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out long whole))
                return whole;
            if (ulong.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out ulong large))
                return large;
        }

        return double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }

    // What JSON has no number for is text, as in exports.
    private static JsonValue Number(double number) => double.IsFinite(number)
        ? JsonValue.Create(number)
        : JsonValue.Create(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity")!;
}

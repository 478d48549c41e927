using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mlops.Workflows;

/// <summary>Keeps the types of parameters: string, long, double, bool or null. A double is written with a point or exponent, so it comes back as one.</summary>
internal sealed class ParameterValueConverter : JsonConverter<object>
{
    public override bool HandleNull => true;

    public override object? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number => !reader.ValueSpan.ContainsAny((byte)'.', (byte)'e', (byte)'E') && reader.TryGetInt64(out long integer) ? (object)integer : reader.GetDouble(),
        _ => throw new JsonException("A parameter is text, a number, true, false or null."),
    };

    public override void Write(Utf8JsonWriter writer, object? value, JsonSerializerOptions options)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool boolean:
                writer.WriteBooleanValue(boolean);
                break;
            case long integer:
                writer.WriteNumberValue(integer);
                break;
            case double number:
                string digits = number.ToString("R", CultureInfo.InvariantCulture);
                writer.WriteRawValue(digits.AsSpan().ContainsAny('.', 'E') ? digits : $"{digits}.0");
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            default:
                throw new JsonException($"A parameter is text, a number, true, false or null, not {value.GetType().Name}.");
        }
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>Takes <c>256</c> and <c>true</c> as well as <c>"256"</c>; writes texts.</summary>
internal sealed class GenICamFeatureValueJsonConverter : JsonConverter<GenICamFeatureValue>
{
    public override GenICamFeatureValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString()!,
        JsonTokenType.Number => System.Text.Encoding.UTF8.GetString(reader.ValueSpan),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        _ => throw new JsonException("A feature's value is a number, true, false or a text."),
    };

    public override void Write(Utf8JsonWriter writer, GenICamFeatureValue value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Xml;

namespace Mlops.Client;

/// <summary>Reads durations as <c>00:05:00</c>, <c>5m</c>, <c>PT5M</c> or a number of seconds, and writes the first form.</summary>
internal sealed class DurationConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string text = reader.TokenType switch
        {
            JsonTokenType.Number => reader.GetDouble().ToString("R", CultureInfo.InvariantCulture),
            JsonTokenType.String => reader.GetString()!,
            _ => reader.TokenType.ToString(),
        };
        return TryRead(text, out TimeSpan value) ? value : throw new JsonException($"'{text}' is no duration. Write it like 00:05:00, 5m, PT5M or a number of seconds.");
    }

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString("c", CultureInfo.InvariantCulture));

    private static bool TryRead(string text, out TimeSpan value)
    {
        if (text.Contains(':', StringComparison.Ordinal))
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value);
        if (text.StartsWith('P') || text.StartsWith("-P", StringComparison.Ordinal))
            return TryReadIso(text, out value);
        string number = text.TrimEnd(['m', 's', 'h', 'd', ' ']);
        double seconds = text[number.Length..].Trim() switch
        {
            "" or "s" => 1,
            "ms" => 0.001,
            "m" => 60,
            "h" => 3600,
            "d" => 86400,
            _ => double.NaN,
        };
        value = default;
        if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double count) || !(Math.Abs(count * seconds) <= TimeSpan.MaxValue.TotalSeconds / 2))
            return false;
        value = TimeSpan.FromSeconds(count * seconds);
        return true;
    }

    private static bool TryReadIso(string text, out TimeSpan value)
    {
        try
        {
            value = XmlConvert.ToTimeSpan(text);
            return true;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            value = default;
            return false;
        }
    }
}

using System.Collections;
using System.Globalization;
using System.Text.Json;
using Mlops.Data;
using Mlops.Ingest;

namespace Mlops.Databus;

/// <summary>Writes a .NET value as the databus has it for the type of a data point.</summary>
internal static class WriteValue
{
    private const long NanosecondsPerMillisecond = 1_000_000;
    private const long NanosecondsPerTick = 100;

    /// <exception cref="ArgumentException">The value does not fit.</exception>
    public static void Write(Utf8JsonWriter json, string feed, AnnouncedDataPoint point, object? value)
    {
        if (!point.IsArray || value is string || value is not IEnumerable elements)
        {
            WriteScalar(json, feed, point, value);
            return;
        }

        json.WriteStartArray();
        foreach (object? element in elements)
            WriteScalar(json, feed, point, element);
        json.WriteEndArray();
    }

    private static void WriteScalar(Utf8JsonWriter json, string feed, AnnouncedDataPoint point, object? value)
    {
        ValueKind kind = DatabusTypes.KindOf(point.DataType);
        switch (DatabusTypes.FieldTypeOf(point.DataType, isArray: false))
        {
            case FieldType.Boolean when value is bool truth:
                json.WriteBooleanValue(truth);
                return;
            case FieldType.Timestamp when value is DateTimeOffset instant:
                json.WriteStringValue(instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture));
                return;
            case FieldType.Text when value is string text:
                json.WriteStringValue(text);
                return;
            case FieldType.Float64 when value is float or double or decimal || (value is not TimeSpan && Integer(value) is not null):
                double number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
                if (double.IsFinite(number))
                    json.WriteNumberValue(number);
                else
                    json.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
                return;
            case FieldType.Int64 or FieldType.UInt64 when Integer(value) is { } integer:
                WriteInteger(json, point, kind is ValueKind.Milliseconds or ValueKind.TimeOfDayMilliseconds ? integer / NanosecondsPerMillisecond : integer);
                return;
            default:
                throw new ArgumentException(
                    $"The value '{Convert.ToString(value, CultureInfo.InvariantCulture)}' ({value?.GetType().Name ?? "null"}) does not fit the data point '{point.Name}' of feed '{feed}', which is {point.DataType}{(point.IsArray ? "[]" : "")}.");
        }
    }

    // 64-bit integers travel as text: readers in JavaScript would round them.
    private static void WriteInteger(Utf8JsonWriter json, AnnouncedDataPoint point, Int128 value)
    {
        if (point.DataType.ToUpperInvariant() is "LINT" or "ULINT" or "LWORD" or "LTIME" or "LTIME_OF_DAY")
            json.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
        else
            json.WriteNumberValue((long)value);
    }

    private static Int128? Integer(object? value) => value switch
    {
        sbyte v => v,
        byte v => v,
        short v => v,
        ushort v => v,
        int v => v,
        uint v => v,
        long v => v,
        ulong v => v,
        TimeSpan v => v.Ticks * (Int128)NanosecondsPerTick,
        _ => null,
    };
}

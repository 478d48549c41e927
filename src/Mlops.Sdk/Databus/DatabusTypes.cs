using Mlops.Data;
using Mlops.Ingest;

namespace Mlops.Databus;

/// <summary>How the data types of the databus are stored.</summary>
/// <remarks>
/// Durations (Time: milliseconds on the wire, LTime: nanoseconds) are stored as Int64 nanoseconds, times of day (Time_Of_Day:
/// milliseconds or <c>HH:mm:ss.f</c>, LTime_Of_Day: nanoseconds or text) as Int64 nanoseconds of the day, so that all time in a feed
/// has one unit. Arrays, of fixed or variable length, are lists of what one element would be. A type that nobody knows is stored as text.
/// </remarks>
internal static class DatabusTypes
{
    public static FieldType FieldTypeOf(string dataType, bool isArray)
    {
        FieldType element = dataType.ToUpperInvariant() switch
        {
            "BOOL" => FieldType.Boolean,
            "SINT" or "INT" or "DINT" or "LINT" or "USINT" or "UINT" or "UDINT" or "BYTE" or "WORD" or "DWORD" => FieldType.Int64,
            "ULINT" or "LWORD" => FieldType.UInt64,
            "REAL" or "LREAL" => FieldType.Float64,
            "DATE" or "DATETIME" => FieldType.Timestamp,
            "TIME" or "LTIME" or "TIME_OF_DAY" or "LTIME_OF_DAY" => FieldType.Int64,
            _ => FieldType.Text,
        };
        return isArray ? element.ListOf() : element;
    }

    public static ValueKind KindOf(string dataType) => dataType.ToUpperInvariant() switch
    {
        "TIME" => ValueKind.Milliseconds,
        "TIME_OF_DAY" => ValueKind.TimeOfDayMilliseconds,
        "LTIME_OF_DAY" => ValueKind.TimeOfDayNanoseconds,
        _ => ValueKind.Plain,
    };
}

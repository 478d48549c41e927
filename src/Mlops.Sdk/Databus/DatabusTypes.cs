using Mlops.Data;
using Mlops.Ingest;

namespace Mlops.Databus;

/// <summary>How the data types of the databus are stored.</summary>
/// <remarks>
/// Durations (Time: milliseconds on the wire, LTime: nanoseconds) are stored as Int64 nanoseconds, times of day (Time_Of_Day:
/// milliseconds or <c>HH:mm:ss.f</c>, LTime_Of_Day: nanoseconds or text) as Int64 nanoseconds of the day, so that all time in a feed
/// has one unit. Arrays are stored as text holding a JSON array. A type that nobody knows is stored as text.
/// </remarks>
internal static class DatabusTypes
{
    public static FieldType FieldTypeOf(string dataType, bool isArray) => isArray ? FieldType.Text : dataType.ToUpperInvariant() switch
    {
        "BOOL" => FieldType.Boolean,
        "SINT" or "INT" or "DINT" or "LINT" or "USINT" or "UINT" or "UDINT" or "BYTE" or "WORD" or "DWORD" => FieldType.Int64,
        "ULINT" or "LWORD" => FieldType.UInt64,
        "REAL" or "LREAL" => FieldType.Float64,
        "DATE" or "DATETIME" => FieldType.Timestamp,
        "TIME" or "LTIME" or "TIME_OF_DAY" or "LTIME_OF_DAY" => FieldType.Int64,
        _ => FieldType.Text,
    };

    public static ValueKind KindOf(string dataType, bool isArray) => dataType.ToUpperInvariant() switch
    {
        "STRING" or "CHAR" or "DATE" or "DATETIME" when isArray => ValueKind.TextArray,
        _ when isArray => ValueKind.NumberArray,
        "TIME" => ValueKind.Milliseconds,
        "TIME_OF_DAY" => ValueKind.TimeOfDayMilliseconds,
        "LTIME_OF_DAY" => ValueKind.TimeOfDayNanoseconds,
        _ => ValueKind.Plain,
    };
}

namespace Mlops.Ingest;

/// <summary>What the number or text behind a column means, beyond the column's type.</summary>
internal enum ValueKind : byte
{
    /// <summary>What it says.</summary>
    Plain,

    /// <summary>Milliseconds, stored as nanoseconds.</summary>
    Milliseconds,

    /// <summary>Milliseconds of the day or <c>HH:mm:ss.f</c>, stored as nanoseconds of the day.</summary>
    TimeOfDayMilliseconds,

    /// <summary>Nanoseconds of the day or <c>HH:mm:ss.f</c>, stored as nanoseconds of the day.</summary>
    TimeOfDayNanoseconds,
}

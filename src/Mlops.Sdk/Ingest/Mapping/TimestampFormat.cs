namespace Mlops.Ingest.Mapping;

/// <summary>How a time is written in JSON.</summary>
public enum TimestampFormat
{
    /// <summary>ISO 8601 text, or a number whose unit follows from its size.</summary>
    Auto,

    /// <summary>ISO 8601 text; without offset it is UTC.</summary>
    Iso8601,

    /// <summary>Seconds since 1970 UTC, with or without fraction.</summary>
    Seconds,

    /// <summary>Milliseconds since 1970 UTC.</summary>
    Milliseconds,

    /// <summary>Microseconds since 1970 UTC.</summary>
    Microseconds,

    /// <summary>Nanoseconds since 1970 UTC.</summary>
    Nanoseconds,

    /// <summary>The message has no time that counts: records get that of their arrival.</summary>
    Arrival,
}

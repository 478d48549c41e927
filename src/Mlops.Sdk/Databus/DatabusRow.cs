namespace Mlops.Databus;

/// <summary>What was found while one row, or in a long feed the rows of one list of values, was read.</summary>
/// <param name="received">When the message was accepted, nanoseconds since 1970 UTC.</param>
/// <param name="arrival">Monotonic tick at which its bytes were read.</param>
internal struct DatabusRow(long received, long arrival)
{
    public readonly long Received = received;

    public readonly long Arrival = arrival;

    /// <summary>Values whose id is known.</summary>
    public int Known;

    /// <summary>Values whose id is not.</summary>
    public int Unknown;

    /// <summary>Values, times and codes that are not what they should be.</summary>
    public int Misfits;

    /// <summary>The newest time of a value, nanoseconds since 1970 UTC.</summary>
    public long Newest;

    /// <summary>The time read last.</summary>
    public long Last;

    /// <summary>Whether a value had a time.</summary>
    public bool HasTimestamp;

    /// <summary>Whether a value is less than good, so that the feed should say of which one.</summary>
    public bool HasQualities;
}

namespace Mlops.Databus;

/// <summary>What was found while one row was read.</summary>
internal struct DatabusRow
{
    /// <summary>Values whose id is known.</summary>
    public int Known;

    /// <summary>Values whose id is not.</summary>
    public int Unknown;

    /// <summary>Values, times and codes that are not what they should be.</summary>
    public int Misfits;

    /// <summary>The newest time of a value, nanoseconds since 1970 UTC.</summary>
    public long Newest;

    /// <summary>Whether a value had a time.</summary>
    public bool HasTimestamp;
}

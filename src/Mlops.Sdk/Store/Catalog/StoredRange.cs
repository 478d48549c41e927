namespace Mlops.Store.Catalog;

/// <summary>What a part of a feed's storage holds; the default value holds nothing.</summary>
/// <param name="First">Lowest position.</param>
/// <param name="Last">Highest position.</param>
/// <param name="Count">Number of records.</param>
/// <param name="MinTime">Time of the oldest record.</param>
/// <param name="MaxTime">Time of the newest record.</param>
/// <param name="Bytes">Size as stored.</param>
/// <param name="Since">When the first part of it was stored, nanoseconds since 1970 UTC.</param>
internal readonly record struct StoredRange(long First, long Last, long Count, long MinTime, long MaxTime, long Bytes, long Since = 0)
{
    /// <summary>Returns the sum of both.</summary>
    public StoredRange With(StoredRange other) => Count == 0 ? other : other.Count == 0 ? this : new StoredRange(
        Math.Min(First, other.First),
        Math.Max(Last, other.Last),
        Count + other.Count,
        Math.Min(MinTime, other.MinTime),
        Math.Max(MaxTime, other.MaxTime),
        Bytes + other.Bytes,
        Math.Min(Since, other.Since));

    public bool Overlaps(StoredRange other) => Count > 0 && other.Count > 0 && First <= other.Last && other.First <= Last;
}

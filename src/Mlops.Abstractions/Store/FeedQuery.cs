namespace Mlops.Store;

/// <summary>Selects records of one feed. All conditions must hold.</summary>
public sealed record FeedQuery
{
    /// <summary>Gets the id of the feed.</summary>
    public required string Feed { get; init; }

    /// <summary>Gets the position after which records count; exclusive.</summary>
    public long? AfterPosition { get; init; }

    /// <summary>Gets the last position that counts; inclusive.</summary>
    public long? ToPosition { get; init; }

    /// <summary>Gets the earliest time, nanoseconds since 1970 UTC; inclusive.</summary>
    public long? From { get; init; }

    /// <summary>Gets the latest time, nanoseconds since 1970 UTC; exclusive.</summary>
    public long? To { get; init; }

    /// <summary>Gets a pure SQL expression over the feed's fields that must be true, for example <c>"height" &gt; 90</c>.</summary>
    /// <remarks>
    /// Operators, CASE, CAST and functions of single values; no subqueries, nothing that reads files, settings or the time. Names are
    /// compared without regard to case; of two fields that differ only in that, the later one is called <c>name_2</c>. The columns
    /// <c>_position, _timestamp, _received, _quality, _seq, _rseq</c> may be used as well.
    /// </remarks>
    public string? Filter { get; init; }

    /// <summary>Gets the worst quality that counts: 0 (all) to 3.</summary>
    public byte MinimumQuality { get; init; }

    /// <summary>Gets the version of the feed under whose fields the records of all versions are given; <see langword="null"/> for the newest.</summary>
    /// <remarks>Where a field's type changed so that a value does not fit, the value is null; it is there when the version that had it is asked for.</remarks>
    public int? Version { get; init; }

    /// <summary>Gets how many records at most; the first ones in the chosen order.</summary>
    public long? Limit { get; init; }

    /// <summary>Gets a value indicating whether the newest positions come first.</summary>
    public bool Descending { get; init; }
}

namespace Mlops.Store;

/// <summary>The truth for one record or for an interval of a feed. Exactly one of position, sequence, key and interval names what is meant.</summary>
public sealed record Label
{
    /// <summary>Gets the name of the label set, for example <c>quality</c>.</summary>
    public required string Set { get; init; }

    /// <summary>Gets the truth.</summary>
    public required string Value { get; init; }

    /// <summary>Gets the position of the labelled record (<c>source.row</c>).</summary>
    public long? Position { get; init; }

    /// <summary>Gets the asset's message number of the labelled record (<c>source.seq</c>).</summary>
    public long? Sequence { get; init; }

    /// <summary>Gets the time of the labelled record in nanoseconds since 1970 UTC; narrows <see cref="Sequence"/>, which restarts.</summary>
    public long? Time { get; init; }

    /// <summary>Gets the field by whose value records are meant.</summary>
    public string? KeyField { get; init; }

    /// <summary>Gets the value of <see cref="KeyField"/> as text.</summary>
    public string? KeyValue { get; init; }

    /// <summary>Gets the start of the interval, inclusive, nanoseconds since 1970 UTC.</summary>
    public long? From { get; init; }

    /// <summary>Gets the end of the interval, exclusive.</summary>
    public long? To { get; init; }

    /// <summary>Gets who says so.</summary>
    public string? Author { get; init; }

    /// <summary>Gets the way it came, for example <c>api</c> or the id of a feed of labels.</summary>
    public string Source { get; init; } = "api";

    /// <summary>Gets when it was stored, nanoseconds since 1970 UTC.</summary>
    public long Created { get; init; }

    /// <summary>Gets the number that the store gave it; 0 before.</summary>
    public long Id { get; init; }

    /// <summary>Gets when it was deleted, nanoseconds since 1970 UTC; <see langword="null"/> while it counts.</summary>
    public long? Deleted { get; init; }

    /// <summary>Gets who deleted it.</summary>
    public string? DeletedBy { get; init; }
}

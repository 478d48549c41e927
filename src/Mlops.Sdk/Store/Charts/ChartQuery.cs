namespace Mlops.Store.Charts;

/// <summary>Asks for a chart.</summary>
public sealed record ChartQuery
{
    /// <summary>Gets the id of the feed.</summary>
    public required string Feed { get; init; }

    /// <summary>Gets the earliest time, nanoseconds since 1970 UTC; inclusive.</summary>
    public required long From { get; init; }

    /// <summary>Gets the latest time, nanoseconds since 1970 UTC; exclusive.</summary>
    public required long To { get; init; }

    /// <summary>Gets how many points at most, 1 to 10,000.</summary>
    public int Points { get; init; } = 1000;

    /// <summary>Gets the fields; <see langword="null"/> for all that hold numbers or true and false, up to 64.</summary>
    public IReadOnlyList<string>? Fields { get; init; }
}

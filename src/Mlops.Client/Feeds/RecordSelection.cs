namespace Mlops.Client;

/// <summary>Which records are fetched, and as what.</summary>
public sealed record RecordSelection
{
    /// <summary>Gets the earliest time, inclusive.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Gets the latest time, exclusive.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Gets a pure SQL expression over the feed's fields that records must meet.</summary>
    public string? Filter { get; init; }

    /// <summary>Gets the position behind which records count.</summary>
    public long? After { get; init; }

    /// <summary>Gets how many records at most.</summary>
    public long? Limit { get; init; }

    /// <summary>Gets a value indicating whether the newest come first.</summary>
    public bool NewestFirst { get; init; }

    /// <summary>Gets the format: <c>json</c>, <c>csv</c> or <c>parquet</c>.</summary>
    public string Format { get; init; } = "json";

    internal string ToQuery(string feed) => Query.Of(
        $"feeds/{Query.Segment(feed)}/records",
        ("from", From), ("to", To), ("filter", Filter), ("after", After), ("limit", Limit), ("order", NewestFirst ? "newest" : null), ("format", Format));
}

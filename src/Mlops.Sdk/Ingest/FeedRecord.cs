namespace Mlops.Ingest;

/// <summary>One record as names and values.</summary>
/// <param name="Timestamp">Its time.</param>
/// <param name="Values">Values by field name.</param>
public sealed record FeedRecord(DateTimeOffset Timestamp, IReadOnlyDictionary<string, object?> Values);

namespace Mlops.Store.Charts;

/// <summary>A range of a feed in buckets of equal width.</summary>
/// <param name="Start">Start of the first bucket, nanoseconds since 1970 UTC; at or before what was asked for.</param>
/// <param name="Width">Width of a bucket in nanoseconds: 1, 2 or 5 times a power of ten, the same wherever the range begins.</param>
/// <param name="Count">How many buckets.</param>
/// <param name="Series">A series for each field.</param>
public sealed record FeedChart(long Start, long Width, int Count, IReadOnlyList<ChartSeries> Series);

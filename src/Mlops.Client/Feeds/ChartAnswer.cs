namespace Mlops.Client;

/// <summary>A range of a feed in buckets of equal width.</summary>
/// <param name="Feed">The feed.</param>
/// <param name="Start">Start of the first bucket.</param>
/// <param name="WidthNanoseconds">Width of a bucket, nanoseconds.</param>
/// <param name="Count">How many buckets.</param>
/// <param name="Series">A series for each field.</param>
public sealed record ChartAnswer(string Feed, DateTimeOffset Start, long WidthNanoseconds, int Count, IReadOnlyList<ChartSeriesDetails> Series);

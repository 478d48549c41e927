namespace Mlops.Store.Charts;

/// <summary>Makes few points of many records, for charts. Thread-safe.</summary>
public interface IFeedCharts
{
    /// <summary>Downsamples a range of a feed. What was computed of a Parquet file is kept, so that asking again, or for the next few seconds, is quick.</summary>
    /// <param name="query">What is wanted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The chart.</returns>
    /// <exception cref="ArgumentException">There is no such feed or field, a field holds no numbers, or the range is empty.</exception>
    /// <exception cref="IOException">Stored data cannot be read for now.</exception>
    Task<FeedChart> DownsampleAsync(ChartQuery query, CancellationToken cancellationToken = default);
}

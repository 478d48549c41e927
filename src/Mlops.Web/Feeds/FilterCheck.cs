using Mlops.Data;
using Mlops.Store;
using Mlops.Web.Rest;

namespace Mlops.Web.Feeds;

/// <summary>Refuses a filter now that would make a training or backtest fail later.</summary>
internal static class FilterCheck
{
    /// <param name="call">The request.</param>
    /// <param name="feed">The only feed; <see langword="null"/> when fields of several are bound.</param>
    /// <param name="filter">The filter.</param>
    /// <exception cref="ArgumentException">The filter is no pure expression over the feed's fields.</exception>
    public static async Task RunAsync(Call call, string? feed, string? filter)
    {
        IFeedReader reader = call.Service<IFeedReader>();
        if (feed is null || string.IsNullOrWhiteSpace(filter) || reader.Find(FeedId.Normalize(feed)) is not { } schema)
            return;
        await foreach (RecordBatch batch in reader.ReadAsync(new FeedQuery { Feed = schema.Feed, Filter = filter, Descending = true, Limit = 1 }, call.Aborted).ConfigureAwait(false))
            batch.Dispose();
    }
}

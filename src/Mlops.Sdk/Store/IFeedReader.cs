using Mlops.Data;

namespace Mlops.Store;

/// <summary>Reads feeds from code in the same process: what is stored, and what is arriving. Thread-safe.</summary>
public interface IFeedReader
{
    /// <summary>Lists the feeds.</summary>
    /// <returns>A snapshot, ordered by id.</returns>
    IReadOnlyList<FeedInfo> List();

    /// <summary>Returns the newest schema of a feed.</summary>
    /// <param name="feed">Id of the feed.</param>
    /// <returns>The schema, or <see langword="null"/> when there is no such feed.</returns>
    FeedSchema? Find(string feed);

    /// <summary>Reads committed records in the order of their positions, as one snapshot.</summary>
    /// <param name="query">Which records.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Batches; the caller disposes each.</returns>
    /// <exception cref="ArgumentException">There is no such feed, or the filter is refused.</exception>
    /// <exception cref="IOException">Stored data cannot be read for now.</exception>
    IAsyncEnumerable<RecordBatch> ReadAsync(FeedQuery query, CancellationToken cancellationToken = default);

    /// <summary>
    /// Follows a feed without end: first from the store, then from memory as records arrive, before they are committed. Each
    /// record comes once and in the order of positions. A reader that falls behind is served from the store again.
    /// </summary>
    /// <param name="feed">Id of the feed; it may be created later.</param>
    /// <param name="afterPosition">Position after which records count; <see langword="null"/> for records that arrive from now on.</param>
    /// <param name="cancellationToken">Ends the following.</param>
    /// <returns>Batches, those from memory under the schema that was current when they arrived, those from the store under the newest; the caller disposes each.</returns>
    IAsyncEnumerable<RecordBatch> FollowAsync(string feed, long? afterPosition, CancellationToken cancellationToken);

    /// <summary>Waits until a feed's records up to a position are durable.</summary>
    /// <param name="feed">Id of the feed.</param>
    /// <param name="position">The position.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes once they are.</returns>
    ValueTask WaitCommittedAsync(string feed, long position, CancellationToken cancellationToken = default);
}

using System.Collections.Concurrent;
using Mlops.Data;

namespace Mlops.Store.Tail;

/// <inheritdoc/>
internal sealed class LiveTail : ILiveTail
{
    private readonly ConcurrentDictionary<string, TailFeed> _feeds = new(StringComparer.Ordinal);

    public LiveTail(IFeedStore store) => store.Committed += (feed, lastPosition) => Of(feed).Committed(lastPosition);

    public void Announce(string feed, long position) => Of(feed).Announce(position);

    public void Publish(RecordBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Count > 0)
            Of(batch.Schema.Feed).Publish(batch);
    }

    public long Head(string feed) => _feeds.TryGetValue(feed, out TailFeed? tail) ? tail.Head : 0;

    /// <summary>Adds a follower, which gets what is not committed yet, then everything that arrives.</summary>
    /// <param name="feed">Id of the feed.</param>
    /// <param name="after">Position after which records count.</param>
    /// <returns>The follower, and the position up to which the feed is durable and not in the follower's queue.</returns>
    public (TailFollower Follower, long Committed) Attach(string feed, long after) => Of(feed).Attach(after);

    /// <summary>Waits until the feed is durable up to a position.</summary>
    public Task WaitCommittedAsync(string feed, long position, CancellationToken cancellationToken) => Of(feed).WaitCommittedAsync(position, cancellationToken);

    private TailFeed Of(string feed) => _feeds.TryGetValue(feed, out TailFeed? tail) ? tail : _feeds.GetOrAdd(feed, static id => new TailFeed(id));
}

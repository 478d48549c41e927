using System.Runtime.CompilerServices;
using Mlops.Data;
using Mlops.Store.Tail;

namespace Mlops.Store;

/// <inheritdoc/>
internal sealed class FeedReader(IFeedStore store, LiveTail tail) : IFeedReader
{
    public IReadOnlyList<FeedInfo> List() => store.List();

    public FeedSchema? Find(string feed) => store.Find(feed);

    public IAsyncEnumerable<RecordBatch> ReadAsync(FeedQuery query, CancellationToken cancellationToken = default) => store.ReadAsync(query, cancellationToken);

    // "From now on" is the moment of the call, not of the first move of the enumerator.
    public IAsyncEnumerable<RecordBatch> FollowAsync(string feed, long? afterPosition, CancellationToken cancellationToken) =>
        FollowAsync(feed, afterPosition ?? Math.Max(LastStored(feed), tail.Head(feed)), cancellationToken);

    public async ValueTask WaitCommittedAsync(string feed, long position, CancellationToken cancellationToken = default)
    {
        // The tail knows only commits since the start.
        if (LastStored(feed) < position)
            await tail.WaitCommittedAsync(feed, position, cancellationToken).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<RecordBatch> FollowAsync(string feed, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            // Far behind: without a place at the tail, where a queue would only fill up.
            await foreach (RecordBatch batch in ReadAsync(feed, after, long.MaxValue, cancellationToken).ConfigureAwait(false))
            {
                after = batch.Positions[^1];
                yield return batch;
            }

            (TailFollower follower, long committed) = tail.Attach(feed, after);
            using (follower)
            {
                // What was committed between that reading and the attaching.
                if (committed > after)
                {
                    await foreach (RecordBatch batch in ReadAsync(feed, after, committed, cancellationToken).ConfigureAwait(false))
                    {
                        after = batch.Positions[^1];
                        yield return batch;
                    }
                }

                while (await follower.WaitAsync(cancellationToken).ConfigureAwait(false))
                {
                    while (follower.TryTake(out RecordBatch? batch))
                    {
                        if (Behind(batch, after) is not { } news)
                            continue;
                        after = news.Positions[^1];
                        yield return news;
                    }
                }
            }
        }
    }

    private async IAsyncEnumerable<RecordBatch> ReadAsync(string feed, long after, long to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (store.Find(feed) is null)
            yield break;
        var query = new FeedQuery { Feed = feed, AfterPosition = after, ToPosition = to };
        await foreach (RecordBatch batch in store.ReadAsync(query, cancellationToken).ConfigureAwait(false))
            yield return batch;
    }

    /// <summary>Returns what of a batch lies behind a position; disposes the batch unless it is returned.</summary>
    private static RecordBatch? Behind(RecordBatch batch, long after)
    {
        ReadOnlySpan<long> positions = batch.Positions;
        if (positions[0] > after)
            return batch;
        using (batch)
        {
            int first = positions.BinarySearch(after + 1);
            first = first < 0 ? ~first : first;
            if (first == batch.Count)
                return null;
            var builder = new RecordBatchBuilder(batch.Schema, batch.Count - first);
            builder.Append(batch, first, batch.Count - first);
            return builder.Build();
        }
    }

    private long LastStored(string feed) => store.Find(feed) is null ? 0 : store.List().FirstOrDefault(f => f.Schema.Feed == feed)?.LastPosition ?? 0;
}

using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Mlops.Data;
using Mlops.Store;

namespace Mlops.Prediction;

/// <summary>
/// Makes answers durable together with the cursor of their deployment, after their records. Answers that came meanwhile share
/// one commit. When the disk refuses, it keeps them and tries again; the bounded queue then pauses the prediction.
/// </summary>
internal sealed class AnswerWriter(
    string deployment,
    string inputFeed,
    string cursor,
    IFeedStore store,
    IFeedReader reader,
    PredictionOptions options,
    TimeProvider time,
    ILogger logger)
{
    private readonly Channel<(RecordBatch? Answers, long Position, long? Anchor, IReadOnlyList<(string Feed, long Position)> Joined)> _waiting =
        Channel.CreateBounded<(RecordBatch?, long, long?, IReadOnlyList<(string, long)>)>(new BoundedChannelOptions(options.MaxUnstoredBatches) { SingleReader = true, SingleWriter = true });

    private long _position;

    /// <summary>Gets the last position whose answer is durable.</summary>
    public long Position => Interlocked.Read(ref _position);

    /// <summary>Returns the name of what remembers from where windows count their hops.</summary>
    public static string AnchorOf(string cursor) => $"window:{cursor}";

    /// <summary>Queues answers; takes them over.</summary>
    /// <param name="answers">The answers; null when only the cursor moves.</param>
    /// <param name="position">The last record that is dealt with.</param>
    /// <param name="anchor">The record from which windows count their hops, if they do.</param>
    /// <param name="joined">How far other feeds were taken for the answers: records of theirs that a crash takes away must not have been answered with.</param>
    /// <param name="cancellationToken">Gives up waiting for room.</param>
    public ValueTask AddAsync(RecordBatch? answers, long position, long? anchor, IReadOnlyList<(string Feed, long Position)> joined, CancellationToken cancellationToken) =>
        _waiting.Writer.WriteAsync((answers, position, anchor, joined), cancellationToken);

    /// <summary>Says that nothing more comes; <see cref="RunAsync"/> ends when all is stored.</summary>
    public void Complete() => _waiting.Writer.TryComplete();

    /// <summary>Stores until completed.</summary>
    /// <param name="startPosition">The cursor's position now.</param>
    /// <param name="abandon">Gives up even on what still waits.</param>
    public async Task RunAsync(long startPosition, CancellationToken abandon)
    {
        Interlocked.Exchange(ref _position, startPosition);
        while (await _waiting.Reader.WaitToReadAsync(abandon).ConfigureAwait(false))
        {
            if (options.CommitInterval > TimeSpan.Zero && !_waiting.Reader.Completion.IsCompleted)
                await Task.Delay(options.CommitInterval, time, abandon).ConfigureAwait(false);
            var commit = new StoreCommit();
            long position = Position;
            IReadOnlyList<(string, long)> joined = [];
            while (commit.Batches.Count < options.MaxUnstoredBatches && _waiting.Reader.TryRead(out (RecordBatch? Answers, long Position, long? Anchor, IReadOnlyList<(string Feed, long Position)> Joined) next))
            {
                if (next.Answers is not null)
                    commit.Batches.Add(next.Answers);
                if (next.Anchor is { } anchor)
                    commit.Cursors[AnchorOf(cursor)] = anchor;
                (position, joined) = (Math.Max(position, next.Position), next.Joined.Count > 0 ? next.Joined : joined);
            }

            commit.Cursors[cursor] = position;
            await CommitAsync(commit, position, joined, abandon).ConfigureAwait(false);
        }
    }

    private async Task CommitAsync(StoreCommit commit, long position, IReadOnlyList<(string Feed, long Position)> joined, CancellationToken abandon)
    {
        try
        {
            await reader.WaitCommittedAsync(inputFeed, position, abandon).ConfigureAwait(false);
            foreach ((string feed, long to) in joined)
                await reader.WaitCommittedAsync(feed, to, abandon).ConfigureAwait(false);
            var delay = TimeSpan.FromSeconds(1);
            while (true)
            {
                try
                {
                    await store.CommitAsync(commit, abandon).ConfigureAwait(false);
                    break;
                }
                catch (IOException e)
                {
                    Log.StoreRefused(logger, deployment, e.Message, delay);
                    await Task.Delay(delay, time, abandon).ConfigureAwait(false);
                    delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, options.MaxRetryDelay.Ticks));
                }
            }

            Interlocked.Exchange(ref _position, position);
        }
        finally
        {
            foreach (RecordBatch batch in commit.Batches)
                batch.Dispose();
        }
    }
}

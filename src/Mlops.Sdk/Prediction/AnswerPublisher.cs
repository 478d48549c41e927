using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Mlops.Data;
using Mlops.Databus.Publishing;
using Mlops.Messaging;
using Mlops.Store;

namespace Mlops.Prediction;

/// <summary>
/// Publishes a deployment's answers on the databus. It is a cursor over the feed of predictions: live while the broker takes
/// them, from the store after an outage or a restart. Answers older than the deployment's maximum age are left out.
/// </summary>
internal sealed class AnswerPublisher(
    string deployment,
    string sourceFeed,
    string feed,
    TimeSpan maxAge,
    DatabusApp app,
    DatabusCollection collection,
    IFeedStore store,
    IFeedReader reader,
    PredictionInstruments instruments,
    PredictionOptions options,
    TimeProvider time,
    ILogger logger)
{
    private const int RememberedTimes = 1000;
    private static readonly TimeSpan ConnectionPoll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CursorInterval = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<long, DateTimeOffset> _publishedAt = new();
    private readonly ConcurrentQueue<long> _remembered = new();
    private readonly Queue<(ValueTask Task, long Row)> _underWay = new();
    private readonly KeyValuePair<string, object?> _tag = new("deployment", deployment);
    private long _sequence;

    /// <summary>Gets the name of the cursor.</summary>
    public static string CursorName(string deployment) => $"publish:{deployment}";

    /// <summary>Returns when the answer for a record was published, as far as it is remembered.</summary>
    public DateTimeOffset? PublishedAt(long row) => _publishedAt.TryGetValue(row, out DateTimeOffset at) ? at : null;

    /// <summary>Publishes until stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        string cursor = CursorName(deployment);
        long position = store.GetCursor(cursor) ?? 0;
        long stored = position;
        long storedAt = time.GetTimestamp();
        using var writer = new BulkMessageWriter();
        try
        {
            await foreach (RecordBatch answers in reader.FollowAsync(feed, position, stop).ConfigureAwait(false))
            {
                using (answers)
                {
                    await PublishAsync(writer, answers, stop).ConfigureAwait(false);
                    position = answers.Positions[^1];
                }

                if (time.GetElapsedTime(storedAt) >= CursorInterval)
                {
                    await StoreCursorAsync(cursor, position, stop).ConfigureAwait(false);
                    (stored, storedAt) = (position, time.GetTimestamp());
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopping; what was published is remembered below.
        }

        if (position != stored)
            await StoreCursorAsync(cursor, position, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task PublishAsync(BulkMessageWriter writer, RecordBatch answers, CancellationToken stop)
    {
        int fields = answers.Schema.IndexOf(PredictionSchema.Model) + 1;
        int error = answers.Schema.IndexOf(PredictionSchema.Error);
        for (int row = 0; row < answers.Count; row++)
        {
            if (answers.Column(error).IsValid(row))
                continue;
            await WaitConnectedAsync(stop).ConfigureAwait(false);
            long now = EpochTime.FromDateTimeOffset(time.GetUtcNow());
            if (answers.Received[row] != 0 && now - answers.Received[row] > maxAge.TotalNanoseconds)
            {
                instruments.Expired.Add(1, _tag);
                continue;
            }

            AnsweredRecord source = Source(answers, row);
            ReadOnlyMemory<byte> payload = writer.Write(++_sequence, app.HashVersion, now, source, answers, row, fields);
            await SendAsync(writer, payload, source.Position, stop).ConfigureAwait(false);
        }

        // The cursor must not pass what the broker has not taken.
        while (_underWay.Count > 0)
            await FinishOldestAsync().ConfigureAwait(false);
    }

    // What a client keeps for a lost broker it delivers however old it has become: while there is none, answers stay in the store.
    private async ValueTask WaitConnectedAsync(CancellationToken stop)
    {
        while (app.Bus!.State != BusState.Connected)
            await Task.Delay(ConnectionPoll, time, stop).ConfigureAwait(false);
    }

    private async ValueTask SendAsync(BulkMessageWriter writer, ReadOnlyMemory<byte> payload, long row, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                ValueTask sending = app.Bus!.PublishAsync(collection.Topic, payload, retain: false, stop);
                if (sending.IsCompletedSuccessfully)
                {
                    Remember(row);
                    return;
                }

                writer.Detach();
                _underWay.Enqueue((sending, row));
                if (_underWay.Count >= options.MaxUnpublished)
                    await FinishOldestAsync().ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Log.PublishFailed(logger, deployment, e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), time, stop).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask FinishOldestAsync()
    {
        (ValueTask sending, long row) = _underWay.Dequeue();
        await sending.ConfigureAwait(false);
        Remember(row);
    }

    private void Remember(long row)
    {
        instruments.Published.Add(1, _tag);
        if (_publishedAt.TryAdd(row, time.GetUtcNow()))
            _remembered.Enqueue(row);
        while (_remembered.Count > RememberedTimes && _remembered.TryDequeue(out long old))
            _publishedAt.TryRemove(old, out _);
    }

    private async Task StoreCursorAsync(string cursor, long position, CancellationToken cancellationToken)
    {
        var commit = new StoreCommit();
        commit.Cursors[cursor] = position;
        try
        {
            await store.CommitAsync(commit, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // A cursor that lags repeats publications, recognisable by their row; the next commit moves it.
        }
    }

    private AnsweredRecord Source(RecordBatch answers, int row)
    {
        Column seq = answers.Column(PredictionSchema.SourceSeq);
        return new AnsweredRecord(
            sourceFeed,
            seq.IsValid(row) ? seq.Values<long>()[row] : RecordBatch.NoSequence,
            answers.Column(PredictionSchema.SourceTs).Values<long>()[row],
            answers.Column(PredictionSchema.SourceRow).Values<long>()[row],
            answers.Qualities[row]);
    }
}

using Microsoft.Extensions.Logging;
using Mlops.Data;
using Mlops.Databus.Publishing;
using Mlops.Store;

namespace Mlops.Drivers.Mirroring;

/// <summary>
/// Publishes the records of one feed on the databus. It is a cursor over the feed: live while the broker takes them, from the store
/// after an outage or a restart, each at least once and in order.
/// </summary>
internal sealed class FeedMirror
{
    private const int MaxUnderWay = 64;
    private static readonly TimeSpan CursorInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private readonly string _asset;
    private readonly string _group;
    private readonly string _feed;
    private readonly DatabusApp _app;
    private readonly IFeedStore _store;
    private readonly IFeedReader _reader;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long _start;
    private FeedSchema _newest;
    private FeedSchema? _announced;
    private DatabusCollection? _collection;
    private long _sequence;
    private bool _failing;

    public FeedMirror(string asset, string group, FeedSchema schema, bool fromNow, DatabusApp app, IFeedStore store, IFeedReader reader, TimeProvider time, ILogger logger)
    {
        // Names become levels of a topic, in which + and # are not allowed.
        (_asset, _group, _feed, _newest) = (asset, group.Replace('+', '-').Replace('#', '-'), schema.Feed, schema);
        (_app, _store, _reader, _time, _logger) = (app, store, reader, time, logger);
        _start = (fromNow ? null : store.GetCursor(Cursor)) ?? store.List().FirstOrDefault(f => f.Schema.Feed == _feed)?.LastPosition ?? 0;
    }

    private string Cursor => $"mirror:{_feed}";

    /// <summary>Takes over new fields of the feed.</summary>
    public void Adopt(FeedSchema schema) => Volatile.Write(ref _newest, schema);

    /// <summary>Publishes until stopped. Never throws.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        long position = _start;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                position = await PublishAsync(position, stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Stopping; the cursor was stored on the way out.
            }
            catch (Exception e)
            {
                await PauseAsync(e, stop).ConfigureAwait(false);
                position = _store.GetCursor(Cursor) ?? position;
            }
        }

        if (_collection is not null)
            await _app.RemoveAsync(_collection, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<long> PublishAsync(long position, CancellationToken stop)
    {
        await StoreCursorAsync(position).ConfigureAwait(false);
        long stored = position;
        long storedAt = _time.GetTimestamp();
        using var writer = new BulkMessageWriter();
        try
        {
            await foreach (RecordBatch records in _reader.FollowAsync(_feed, position, stop).ConfigureAwait(false))
            {
                using (records)
                {
                    await AnnounceAsync(stop).ConfigureAwait(false);
                    for (int row = 0; row < records.Count;)
                        row = await SendAsync(writer, records, row, stop).ConfigureAwait(false);
                    position = records.Positions[^1];
                }

                if (_time.GetElapsedTime(storedAt) >= CursorInterval)
                {
                    await StoreCursorAsync(position).ConfigureAwait(false);
                    (stored, storedAt) = (position, _time.GetTimestamp());
                }
            }
        }
        finally
        {
            if (position != stored)
                await StoreCursorAsync(position).ConfigureAwait(false);
        }

        return position;
    }

    private async Task AnnounceAsync(CancellationToken stop)
    {
        FeedSchema newest = Volatile.Read(ref _newest);
        if (ReferenceEquals(newest, _announced))
            return;
        _collection = await _app.AddAsync(_asset, _group, newest.Fields, [], stop).ConfigureAwait(false);
        _announced = newest;
    }

    // Some rows at a time; when the broker does not take one, that one and those behind it are sent again.
    private async Task<int> SendAsync(BulkMessageWriter writer, RecordBatch records, int first, CancellationToken stop)
    {
        var underWay = new Queue<Task>(MaxUnderWay);
        int taken = first;
        try
        {
            for (int row = first; row < records.Count && underWay.Count < MaxUnderWay; row++)
            {
                ReadOnlyMemory<byte> payload = Write(writer, records, row);
                ValueTask sending = _app.Bus!.PublishAsync(_collection!.Topic, payload, retain: false, stop);
                if (!sending.IsCompletedSuccessfully)
                    writer.Detach();
                underWay.Enqueue(sending.AsTask());
            }

            while (underWay.TryPeek(out Task? oldest))
            {
                await oldest.ConfigureAwait(false);
                _ = underWay.Dequeue();
                taken++;
            }

            _failing = false;
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            await Task.WhenAll(underWay).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await PauseAsync(e, stop).ConfigureAwait(false);
        }

        return taken;
    }

    private ReadOnlyMemory<byte> Write(BulkMessageWriter writer, RecordBatch records, int row)
    {
        var source = new AnsweredRecord(_feed, records.Sequences[row], records.Timestamps[row], records.Positions[row], records.Qualities[row]);
        return writer.Write(++_sequence, _app.HashVersion, records.Timestamps[row], source, records, row, records.Schema.Fields.Count);
    }

    private async Task PauseAsync(Exception reason, CancellationToken stop)
    {
        if (!_failing)
            Log.MirrorFailed(_logger, _asset, _feed, reason.Message);
        _failing = true;
        await Task.Delay(Retry, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task StoreCursorAsync(long position)
    {
        var commit = new StoreCommit();
        commit.Cursors[Cursor] = position;
        try
        {
            await _store.CommitAsync(commit, CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // A cursor that lags repeats messages, recognisable by the row that each names; the next commit moves it.
        }
    }
}

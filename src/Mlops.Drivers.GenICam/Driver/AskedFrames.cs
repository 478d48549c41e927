using System.Threading.Channels;
using Mlops.Data;
using Mlops.Drivers.GenICam.Cameras;
using Mlops.Store;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>
/// Keeps the newest frames in their buffers until predictions about them are there, and stores those that one asks for, with the ones
/// around them. They become records of a feed of their own, at the time of the frame.
/// </summary>
internal sealed class AskedFrames : IDisposable
{
    private readonly GenICamAskedSettings _settings;
    private readonly IFeedStore _store;
    private readonly FrameStorage _storage;
    private readonly string _source;
    private readonly FeedSchema _schema;
    private readonly IRecordSink _sink;
    private readonly Queue<CameraFrame> _ring = new();
    private readonly HashSet<ulong> _taken = [];
    private readonly Lock _gate = new();
    private readonly WantedFrames _wanted;
    private readonly Channel<bool> _answered = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly FrameCounters _counters;
    private readonly int _capacity;
    private int _stillAfter;

    /// <param name="settings">What asks.</param>
    /// <param name="store">Has the predictions.</param>
    /// <param name="storage">Stores the frames.</param>
    /// <param name="source">The feed of the camera's frames.</param>
    /// <param name="schema">The feed of the frames that were asked for.</param>
    /// <param name="sink">Takes their records.</param>
    /// <param name="wanted">Those that wait for being stored; it is disposed with this.</param>
    /// <param name="counters">Counts those that were asked for and are not stored.</param>
    public AskedFrames(GenICamAskedSettings settings, IFeedStore store, FrameStorage storage, string source, FeedSchema schema, IRecordSink sink, WantedFrames wanted, FrameCounters counters)
    {
        (_settings, _store, _storage, _source, _schema, _sink, _wanted, _counters) = (settings, store, storage, source, schema, sink, wanted, counters);
        _capacity = settings.Room;
        _store.Committed += OnCommitted;
    }

    public void Offer(CameraFrame frame)
    {
        lock (_gate)
        {
            _ring.Enqueue(frame.Share());
            if (_stillAfter > 0)
            {
                _stillAfter--;
                Want(frame);
            }

            while (_ring.Count > _capacity)
            {
                using CameraFrame oldest = _ring.Dequeue();
                _taken.Remove(oldest.Number);
            }

            _wanted.Shorten(_ring.Peek().HostTime);
        }
    }

    /// <summary>Reads answers and stores frames until stopped, or until one of both cannot go on.</summary>
    public Task RunAsync(CancellationToken stop) => LoopsTogether.RunAsync(stop, ReadAnswersAsync, StoreAsync);

    public void Dispose()
    {
        _store.Committed -= OnCommitted;
        _wanted.Dispose();
        lock (_gate)
        {
            while (_ring.TryDequeue(out CameraFrame? frame))
                frame.Dispose();
        }
    }

    private void OnCommitted(string feed, long position)
    {
        if (feed == _settings.Predictions)
            _answered.Writer.TryWrite(true);
    }

    // Caller has the gate.
    private void Want(CameraFrame frame)
    {
        if (_taken.Add(frame.Number))
            _wanted.Add(frame);
    }

    private async Task ReadAnswersAsync(CancellationToken stop)
    {
        long after = _store.List().FirstOrDefault(f => f.Schema.Feed == _settings.Predictions)?.LastPosition ?? 0;
        while (await _answered.Reader.WaitToReadAsync(stop).ConfigureAwait(false))
        {
            _answered.Reader.TryRead(out _);
            await foreach (RecordBatch answers in _store.ReadAsync(new FeedQuery { Feed = _settings.Predictions, AfterPosition = after }, stop).ConfigureAwait(false))
            {
                using (answers)
                {
                    for (int row = 0; row < answers.Count; row++)
                    {
                        if (Asks(answers, row) is { } time)
                            Ask(time);
                    }

                    after = answers.Positions[^1];
                }
            }
        }
    }

    private long? Asks(RecordBatch answers, int row)
    {
        if (Value(answers, "source_feed", row) as string != _source || Value(answers, "source_ts", row) is not DateTimeOffset time)
            return null;
        bool isClass = Value(answers, "label", row) is string label && _settings.Classes.Contains(label);
        bool isUnsure = _settings.Below is { } limit && Value(answers, "score", row) is double score && score < limit;
        return isClass || isUnsure ? EpochTime.FromDateTimeOffset(time) : null;
    }

    private static object? Value(RecordBatch batch, string field, int row) =>
        batch.Schema.Fields.Any(f => f.Name == field) ? batch.Column(field).GetValue(row) : null;

    private void Ask(long time)
    {
        lock (_gate)
        {
            CameraFrame[] frames = [.. _ring];

            // A time that went through a clock of 100 ns is not quite that of the frame.
            int at = Array.FindIndex(frames, f => Math.Abs(f.HostTime - time) < 100);
            if (at < 0)
            {
                _counters.CountLate();
                return;
            }

            int last = Math.Min(frames.Length - 1, at + _settings.After);
            for (int i = Math.Max(0, at - _settings.Before); i <= last; i++)
                Want(frames[i]);
            _stillAfter = Math.Max(_stillAfter, at + _settings.After - last);
        }
    }

    private async Task StoreAsync(CancellationToken stop)
    {
        var rows = new RecordBatchBuilder(_schema);
        try
        {
            while (true)
            {
                using (CameraFrame frame = await _wanted.TakeAsync(stop).ConfigureAwait(false))
                {
                    if (await StoreAsync(frame, stop).ConfigureAwait(false) is not { } image)
                        continue;
                    rows.BeginRow(frame.HostTime);
                    rows.SetInt64(0, (long)frame.Number);
                    rows.SetText(1, System.Text.Encoding.UTF8.GetBytes(image.ToString()));
                    rows.EndRow();
                }

                using RecordBatch batch = rows.Build();
                await _sink.WriteAsync(batch, stop).ConfigureAwait(false);
            }
        }
        finally
        {
            rows.Close();
        }
    }

    private async ValueTask<BlobReference?> StoreAsync(CameraFrame frame, CancellationToken stop)
    {
        try
        {
            return await _storage.StoreAsync(frame, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _counters.CountSkipped();
            throw;
        }
    }
}

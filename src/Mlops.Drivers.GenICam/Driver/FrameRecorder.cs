using System.Diagnostics;
using System.Threading.Channels;
using Mlops.Data;
using Mlops.Drivers.GenICam.Cameras;
using Mlops.Drivers.GenICam.Encoding;
using Mlops.Store;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>Makes records of frames: stores a frame first where that is wanted, then writes the record that names it.</summary>
/// <remarks>
/// Two loops: one takes frames and fills rows, the other writes what has gathered while the write before was under way. So frames go
/// back to the camera without waiting for the disk, as long as they are not stored.
/// </remarks>
internal sealed class FrameRecorder(FrameFields fields, FeedSchema schema, FrameStorage storage, FramePreview preview, RecentFrames recent, AskedFrames? asked, FrameCounters counters, IRecordSink sink, GenICamSettings settings, TimeProvider time) : IDisposable
{
    // Beyond this the store has not taken anything for so long that frames are more than it will ever catch up with.
    private const int MaxWaitingRows = 20_000;

    // Neither grows: there are as many frames as buffers, and one sign that rows wait. Unlike bounded ones, and waits that can be cancelled,
    // these allocate nothing for each frame.
    private readonly Channel<CameraFrame> _frames = Channel.CreateUnbounded<CameraFrame>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly Channel<bool> _filled = Channel.CreateUnbounded<bool>(new UnboundedChannelOptions { SingleReader = true });
    private readonly RecordBatchBuilder _rows = new(schema);
    private readonly Lock _gate = new();
    private volatile bool _isBehind;
    private int _waiting;
    private int _isFilled;

    /// <summary>Gets or sets the exposure time as it was last read, in microseconds.</summary>
    public double? Exposure { get; set; }

    /// <summary>Gets or sets the gain as it was last read.</summary>
    public double? Gain { get; set; }

    /// <summary>Takes a frame; it is disposed when it is dealt with. The pool bounds how many wait.</summary>
    public void Take(CameraFrame frame)
    {
        // Such a channel does not tell how many wait.
        _isBehind = Interlocked.Increment(ref _waiting) - 1 > settings.Buffers / 2;
        if (_frames.Writer.TryWrite(frame))
            return;
        Interlocked.Decrement(ref _waiting);
        frame.Dispose();
    }

    /// <summary>Says that there are no more frames.</summary>
    public void Complete() => _frames.Writer.TryComplete();

    /// <summary>Makes records until completed and all are written.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        Task writing = WriteAsync(stop);
        using CancellationTokenRegistration stopped = stop.UnsafeRegister(static self => ((FrameRecorder)self!).Stop(), this);
        try
        {
            while (await _frames.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
            {
                while (_frames.Reader.TryRead(out CameraFrame? frame))
                {
                    Interlocked.Decrement(ref _waiting);
                    using (frame)
                    {
                        stop.ThrowIfCancellationRequested();
                        await RecordAsync(frame, stop).ConfigureAwait(false);
                    }
                }
            }

            stop.ThrowIfCancellationRequested();
        }
        finally
        {
            _filled.Writer.TryComplete();
            await writing.ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _frames.Writer.TryComplete();
        while (_frames.Reader.TryRead(out CameraFrame? frame))
            frame.Dispose();
        lock (_gate)
            _rows.Close();
    }

    private void Stop()
    {
        _frames.Writer.TryComplete();
        _filled.Writer.TryComplete();
    }

    private async ValueTask RecordAsync(CameraFrame frame, CancellationToken stop)
    {
        long arrival = Stopwatch.GetTimestamp();
        BlobReference? image = null;
        if (storage.IsNextWanted())
        {
            // A frame that waits for the disk keeps a buffer from the camera: rather one is not stored than the next ones are lost.
            if (_isBehind)
                counters.CountSkipped();
            else
                image = await storage.StoreAsync(frame, stop).ConfigureAwait(false);
        }

        // Before its record is there: who reads the record finds the picture, and may ask for it.
        recent.Offer(frame, settings.Storage.Encoding == FrameEncoding.Jpeg ? null : image);
        asked?.Offer(frame);
        Add(frame, arrival, image);
        preview.Offer(frame);
    }

    private void Add(CameraFrame frame, long arrival, BlobReference? image)
    {
        lock (_gate)
        {
            if (_rows.Count >= MaxWaitingRows)
            {
                counters.CountLost();
                return;
            }

            fields.Add(_rows, frame, EpochTime.FromDateTimeOffset(time.GetUtcNow()), arrival, Exposure, Gain, image is null ? recent.NameOf(frame) : System.Text.Encoding.UTF8.GetBytes(image.ToString()));
        }

        counters.CountRecorded();
        if (Interlocked.Exchange(ref _isFilled, 1) == 0)
            _filled.Writer.TryWrite(true);
    }

    private async Task WriteAsync(CancellationToken stop)
    {
        while (await _filled.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            stop.ThrowIfCancellationRequested();
            _filled.Reader.TryRead(out _);
            Volatile.Write(ref _isFilled, 0);
            RecordBatch batch;
            lock (_gate)
                batch = _rows.Build();
            using (batch)
            {
                if (batch.Count > 0)
                    await sink.WriteAsync(batch, stop).ConfigureAwait(false);
            }
        }
    }
}

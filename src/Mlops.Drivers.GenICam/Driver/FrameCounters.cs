using Mlops.Drivers.GenICam.Cameras;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>What happened to the frames of an asset since its driver was created, over all connections. Thread-safe.</summary>
internal sealed class FrameCounters(string asset)
{
    private readonly Lock _gate = new();
    private StreamStatistics _before;
    private StreamStatistics _now;
    private long _recorded;
    private long _stored;
    private long _skipped;
    private long _failed;

    public string Asset => asset;

    public long Recorded => Volatile.Read(ref _recorded);

    public long Stored => Volatile.Read(ref _stored);

    /// <summary>Gets how many were not stored because storing was behind.</summary>
    public long Skipped => Volatile.Read(ref _skipped);

    /// <summary>Gets how many could not be stored.</summary>
    public long Failed => Volatile.Read(ref _failed);

    public StreamStatistics Stream
    {
        get
        {
            lock (_gate)
            {
                return new StreamStatistics(
                    _before.Completed + _now.Completed, _before.Incomplete + _now.Incomplete, _before.Starved + _now.Starved, _before.ResentPackets + _now.ResentPackets, _before.MissingPackets + _now.MissingPackets);
            }
        }
    }

    /// <summary>Takes what the current stream has counted.</summary>
    public void Observe(StreamStatistics statistics)
    {
        lock (_gate)
            _now = statistics;
    }

    /// <summary>Keeps what the stream that ends has counted.</summary>
    public void EndStream()
    {
        StreamStatistics all = Stream;
        lock (_gate)
            (_before, _now) = (all, default);
    }

    public void CountRecorded() => Interlocked.Increment(ref _recorded);

    public void CountStored() => Interlocked.Increment(ref _stored);

    public void CountSkipped() => Interlocked.Increment(ref _skipped);

    public void CountFailed() => Interlocked.Increment(ref _failed);
}

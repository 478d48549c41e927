using Mlops.Drivers.GenICam.Cameras;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>What happened to the frames of an asset since its driver was created, over all connections. Thread-safe.</summary>
internal sealed class FrameCounters(string asset)
{
    private readonly Lock _gate = new();
    private StreamStatistics _before;
    private StreamStatistics _now;
    private double _rate;
    private long _recorded;
    private long _stored;
    private long _skipped;
    private long _late;
    private long _failed;
    private long _lost;

    public string Asset => asset;

    public long Recorded => Volatile.Read(ref _recorded);

    public long Stored => Volatile.Read(ref _stored);

    /// <summary>Gets how many were not stored because storing was behind.</summary>
    public long Skipped => Volatile.Read(ref _skipped);

    /// <summary>Gets how many a prediction asked for when they had left the memory.</summary>
    public long Late => Volatile.Read(ref _late);

    /// <summary>Gets how many could not be stored.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Gets how many have no record, because the store takes none.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Gets how many frames a second came whole when last somebody looked; 0 without a stream.</summary>
    public double Rate => Volatile.Read(ref _rate);

    public StreamStatistics Stream
    {
        get
        {
            lock (_gate)
                return _before + _now;
        }
    }

    /// <summary>Takes what the current stream has counted.</summary>
    /// <param name="statistics">What it has counted.</param>
    /// <param name="since">How long ago it was taken before; zero when it was not.</param>
    public void Observe(StreamStatistics statistics, TimeSpan since)
    {
        lock (_gate)
        {
            if (since > TimeSpan.Zero)
                Volatile.Write(ref _rate, (statistics.Completed - _now.Completed) / since.TotalSeconds);
            _now = statistics;
        }
    }

    /// <summary>Keeps what the stream that ends has counted.</summary>
    public void EndStream()
    {
        lock (_gate)
        {
            (_before, _now) = (_before + _now, default);
            Volatile.Write(ref _rate, 0);
        }
    }

    public void CountRecorded() => Interlocked.Increment(ref _recorded);

    public void CountStored() => Interlocked.Increment(ref _stored);

    public void CountSkipped() => Interlocked.Increment(ref _skipped);

    public void CountLate() => Interlocked.Increment(ref _late);

    public void CountFailed() => Interlocked.Increment(ref _failed);

    public void CountLost() => Interlocked.Increment(ref _lost);
}

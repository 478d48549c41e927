
namespace Mlops.Drivers.Files;

/// <summary>Paces records by their own times.</summary>
internal sealed class Playback(double speed, TimeProvider time)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(5);
    private long _firstRecord = long.MinValue;
    private long _lastRecord = long.MinValue;
    private long _started;

    /// <summary>Returns how long the record of a time still has to wait. A time before the last one begins anew.</summary>
    public TimeSpan Until(long record)
    {
        if (record < _lastRecord || _firstRecord == long.MinValue)
            (_firstRecord, _started) = (record, time.GetTimestamp());
        _lastRecord = record;
        double ticks = ((double)record - _firstRecord) / speed / TimeSpan.NanosecondsPerTick;
        TimeSpan wait = TimeSpan.FromTicks((long)Math.Min(ticks, TimeSpan.FromDays(20).Ticks)) - time.GetElapsedTime(_started);

        // Shorter waits only cost: the next one is as much longer.
        return wait < Shortest ? TimeSpan.Zero : wait;
    }
}

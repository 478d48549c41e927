namespace Mlops.Web.Monitoring;

/// <summary>How many series there may be. Thread-safe.</summary>
internal sealed class SeriesAllowance(int most)
{
    private int _used;
    private long _leftOut;

    public int Used => Volatile.Read(ref _used);

    /// <summary>Gets how many measurements came of series for which there was no room.</summary>
    public long LeftOut => Interlocked.Read(ref _leftOut);

    public bool TryTake()
    {
        if (Interlocked.Increment(ref _used) <= most)
            return true;
        Interlocked.Decrement(ref _used);
        Interlocked.Increment(ref _leftOut);
        return false;
    }

    public void Return(int count) => Interlocked.Add(ref _used, -count);
}

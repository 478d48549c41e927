namespace Mlops.Hosting;

/// <summary>How many lines may be written to a log: some at once, then as many in a time. What is more is counted. Used by one thread at a time.</summary>
internal sealed class LogAllowance(double burst, double perSecond, TimeProvider time)
{
    private double _used;
    private long _since = time.GetTimestamp();
    private long _leftOut;

    /// <summary>Takes a line.</summary>
    /// <param name="leftOut">How many lines before it were left out.</param>
    /// <returns>Whether it may be written.</returns>
    public bool TryTake(out long leftOut)
    {
        long now = time.GetTimestamp();
        _used = Math.Max(0, _used - (time.GetElapsedTime(_since, now).TotalSeconds * perSecond));
        _since = now;
        leftOut = _leftOut;
        if (_used > burst - 1)
        {
            _leftOut++;
            return false;
        }

        _used++;
        _leftOut = 0;
        return true;
    }
}

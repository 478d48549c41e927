using System.Diagnostics;

namespace Mlops.Python.Calling;

/// <summary>Waits for something that is about to happen without parking the thread, for a limited time.</summary>
internal struct Spin(long limitTicks)
{
    private readonly long _since = Stopwatch.GetTimestamp();
    private int _count;

    /// <summary>Waits a moment; false when the time is over.</summary>
    public bool Once()
    {
        if (Stopwatch.GetTimestamp() - _since >= limitTicks)
            return false;

        // The thread waited for may have been given this very core: spinning without yielding would keep it from running.
        if (++_count % 4 == 0)
            Thread.Yield();
        else
            Thread.SpinWait(8);
        return true;
    }
}

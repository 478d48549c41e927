using System.Diagnostics;

namespace Mlops.Python.Calling;

/// <summary>Waits for something that is about to happen without parking the thread, for a limited time.</summary>
internal struct Spin(long limitTicks)
{
    private const int LooksBetweenYields = 32;
    private readonly long _since = Stopwatch.GetTimestamp();
    private int _count;

    /// <summary>Waits a moment; false when the time is over.</summary>
    public bool Once()
    {
        if (Stopwatch.GetTimestamp() - _since >= limitTicks)
            return false;

        // The thread waited for may have been given this very core: spinning without yielding would keep it from running. But a yield
        // takes as long as a whole call, during which nothing is noticed: so it comes seldom, and looks are close together.
        if (++_count % LooksBetweenYields == 0)
            Thread.Yield();
        else
            Thread.SpinWait(1);
        return true;
    }
}

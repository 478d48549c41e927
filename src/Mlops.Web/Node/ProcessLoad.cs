using System.Diagnostics;

namespace Mlops.Web.Node;

/// <summary>Memory and processor of this process. Thread-safe.</summary>
internal sealed class ProcessLoad
{
    private readonly Lock _lock = new();
    private long _at = Stopwatch.GetTimestamp();
    private TimeSpan _used = Environment.CpuUsage.TotalTime;
    private double _percent;

    public static double MemoryMiB => Math.Round(Environment.WorkingSet / 1048576.0, 1);

    /// <summary>Returns the load since the last call that is at least a second ago; 100 is one core.</summary>
    public double CpuPercent()
    {
        lock (_lock)
        {
            TimeSpan passed = Stopwatch.GetElapsedTime(_at);
            if (passed < TimeSpan.FromSeconds(1))
                return _percent;
            TimeSpan used = Environment.CpuUsage.TotalTime;
            _percent = Math.Round(100 * (used - _used) / passed, 1);
            (_at, _used) = (Stopwatch.GetTimestamp(), used);
            return _percent;
        }
    }
}

using System.Diagnostics;
using Microsoft.Extensions.Options;
using Mlops.Metrics;

namespace Mlops.Web.Node;

/// <summary>Memory, processor and power of this process. Thread-safe.</summary>
internal sealed class ProcessLoad(IOptions<MetricsOptions> options)
{
    private readonly Lock _lock = new();
    // One of its own: its counters are read here, while those of trainings and deployments go on.
    private readonly EnergyMeter _energy = new(options);
    private long _at = Stopwatch.GetTimestamp();
    private TimeSpan _used = Environment.CpuUsage.TotalTime;
    private Load _load = new(0, null);

    /// <param name="CpuPercent">100 is one core.</param>
    /// <param name="Watts">Electrical power; <see langword="null"/> before the first second is over.</param>
    public readonly record struct Load(double CpuPercent, double? Watts);

    public static double MemoryMiB => Math.Round(Environment.WorkingSet / 1048576.0, 1);

    /// <summary>Gets how the power is found.</summary>
    public string PowerMethod => _energy.Method;

    /// <summary>Returns the load since the last call that is at least a second ago.</summary>
    public Load Read()
    {
        lock (_lock)
        {
            TimeSpan passed = Stopwatch.GetElapsedTime(_at);
            if (passed < TimeSpan.FromSeconds(1))
                return _load;
            TimeSpan used = Environment.CpuUsage.TotalTime;
            double wattHours = _energy.Measure(passed.TotalSeconds, (used - _used).TotalSeconds);
            _load = new Load(Math.Round(100 * (used - _used) / passed, 1), Math.Round(wattHours * 3600 / passed.TotalSeconds, 2));
            (_at, _used) = (Stopwatch.GetTimestamp(), used);
            return _load;
        }
    }
}

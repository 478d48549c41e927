using Mlops.Benchmarks.Harness;
using Mlops.Metrics;

namespace Mlops.Benchmarks.WholePath;

/// <summary>One side of the path: its processes and the client that loads it.</summary>
internal sealed class Side(LoadClient load, IReadOnlyList<Peer> processes) : IAsyncDisposable
{
    /// <summary>Gets how energy is estimated: by the processor's counters where they can be read, else by processor time and its design power, as a node does.</summary>
    public static EnergyMeter Energy { get; } = new(
        new MetricsOptions().ProcessorTdpWatts ?? ProcessorPower.Find(ProcessorPower.ReadName()) ?? (ProcessorPower.UnknownWattsPerProcessor * Environment.ProcessorCount), "/sys/class/powercap");

    public async Task<IReadOnlyDictionary<string, double>> AtRateAsync(int perSecond, int records, CancellationToken stop)
    {
        double before = processes.Sum(p => p.ProcessorSeconds);
        Energy.Measure(0, 0);
        (double[] times, double seconds) = await load.AtRateAsync(perSecond, records, stop);
        return Measure(times, seconds, before);
    }

    public async Task<IReadOnlyDictionary<string, double>> InFlightAsync(int inFlight, TimeSpan time, CancellationToken stop)
    {
        double before = processes.Sum(p => p.ProcessorSeconds);
        Energy.Measure(0, 0);
        (double[] times, double seconds) = await load.InFlightAsync(inFlight, time, stop);
        return Measure(times, seconds, before);
    }

    public async ValueTask DisposeAsync()
    {
        await load.DisposeAsync();
        foreach (Peer process in processes)
            await process.DisposeAsync();
    }

    private Dictionary<string, double> Measure(double[] times, double seconds, double before)
    {
        if (times.Length == 0)
            throw new InvalidOperationException("A round ended without any answer.");
        double used = processes.Sum(p => p.ProcessorSeconds) - before;
        return new()
        {
            ["answered"] = times.Length / seconds,
            ["round trip p50"] = Spread.Percentile(times, 50),
            ["round trip p99"] = Spread.Percentile(times, 99),
            ["processor per 1,000 messages"] = used * 1000 / times.Length,
            ["energy per 1,000 messages"] = Energy.Measure(seconds, used) * 3600 * 1000 / times.Length,
            ["peak memory"] = processes.Sum(p => p.PeakMiB),
        };
    }
}

using Mlops.Metrics;

namespace Mlops.Training;

/// <summary>Measures always the same.</summary>
internal sealed class FakeRunMeter : IRunMeter
{
    private int _open;

    public int Open => Volatile.Read(ref _open);

    public IRunMeasurement Begin()
    {
        Interlocked.Increment(ref _open);
        return new Measurement(this);
    }

    private sealed class Measurement(FakeRunMeter meter) : IRunMeasurement
    {
        public RunMeasurements Snapshot(IReadOnlyDictionary<string, double>? phases = null) =>
            new() { Seconds = 1, Phases = phases ?? new Dictionary<string, double>(), PeakMemoryMiB = 64, PeakCpuPercent = 50, EnergyWh = 0.125, EnergyMethod = "constant" };

        public void Dispose() => Interlocked.Decrement(ref meter._open);
    }
}

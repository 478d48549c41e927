namespace Mlops.Metrics;

/// <summary>A running measurement. Thread-safe.</summary>
internal interface IRunMeasurement : IDisposable
{
    /// <summary>Returns what was measured since the beginning.</summary>
    /// <param name="phases">The parts of the time, seconds by name.</param>
    RunMeasurements Snapshot(IReadOnlyDictionary<string, double>? phases = null);
}

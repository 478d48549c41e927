namespace Mlops.Metrics;

/// <summary>What a training or a deployment took.</summary>
public sealed record RunMeasurements
{
    /// <summary>Gets the whole time, seconds. Training: from queued to model stored. Deployment: since it became ready.</summary>
    public double Seconds { get; init; }

    /// <summary>Gets the parts of <see cref="Seconds"/> by name, seconds.</summary>
    public IReadOnlyDictionary<string, double> Phases { get; init; } = new Dictionary<string, double>();

    /// <summary>Gets the highest summed resident memory of the host and its children, MiB.</summary>
    public double PeakMemoryMiB { get; init; }

    /// <summary>Gets the highest processor load of the host and its children in a window of one second; 100 is one core.</summary>
    public double PeakCpuPercent { get; init; }

    /// <summary>Gets the energy of the host and its children, watt-hours; estimated by <see cref="EnergyMethod"/>.</summary>
    public double EnergyWh { get; init; }

    /// <summary>Gets how the energy was found: <c>rapl</c>, <c>tdp-load</c> or <c>constant</c>. Values of different methods must not be compared.</summary>
    public string EnergyMethod { get; init; } = "";
}

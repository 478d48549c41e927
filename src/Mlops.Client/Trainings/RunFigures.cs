namespace Mlops.Client;

/// <summary>What a training or a deployment took.</summary>
/// <param name="Seconds">The whole time, seconds.</param>
/// <param name="PeakMemoryMiB">The highest resident memory of the host and its children, MiB.</param>
/// <param name="PeakCpuPercent">The highest processor load in a second; 100 is one core.</param>
/// <param name="EnergyWh">The energy, watt-hours.</param>
/// <param name="EnergyMethod">How the energy was found; values of different methods must not be compared.</param>
/// <param name="Phases">The parts of the time by name, seconds.</param>
public sealed record RunFigures(
    double Seconds,
    double PeakMemoryMiB,
    double PeakCpuPercent,
    double EnergyWh,
    string EnergyMethod,
    IReadOnlyDictionary<string, double> Phases);

using System.Globalization;
using Microsoft.Extensions.Options;

namespace Mlops.Metrics;

/// <summary>
/// Estimates energy the way CodeCarbon does (version 3): from RAPL counters where they can be read (the whole processor package),
/// else thermal design power times this process tree's share of the processors, else half of an assumed power, constantly.
/// Memory and accelerators are not counted.
/// </summary>
internal sealed class EnergyMeter
{
    private const double WattHoursPerMicrojoule = 1e-6 / 3600;
    private readonly List<RaplDomain> _domains = [];
    private readonly double _watts;

    public EnergyMeter(IOptions<MetricsOptions> options)
        : this(options.Value.ProcessorTdpWatts ?? ProcessorPower.Find(ProcessorPower.ReadName()), "/sys/class/powercap")
    {
    }

    internal EnergyMeter(double? tdpWatts, string powercapFolder)
    {
        FindRapl(powercapFolder);
        _watts = tdpWatts ?? ProcessorPower.UnknownWattsPerProcessor * Environment.ProcessorCount;
        Method = _domains.Count > 0 ? "rapl" : tdpWatts is not null ? "tdp-load" : "constant";
    }

    /// <summary>Gets the method: <c>rapl</c>, <c>tdp-load</c> or <c>constant</c>.</summary>
    public string Method { get; }

    /// <summary>Returns the energy of an interval, watt-hours.</summary>
    /// <param name="seconds">Its length.</param>
    /// <param name="processorSeconds">Processor time that the process tree used in it.</param>
    public double Measure(double seconds, double processorSeconds) => Method switch
    {
        "rapl" => _domains.Sum(d => d.ReadDelta()) * WattHoursPerMicrojoule,
        "tdp-load" => _watts * (processorSeconds / Environment.ProcessorCount) / 3600,
        _ => 0.5 * _watts * seconds / 3600,
    };

    private void FindRapl(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        // The memory-mapped interface sorts before the MSR one and is preferred when both name the same package.
        foreach (string domain in Directory.EnumerateDirectories(folder, "intel-rapl*").Order(StringComparer.Ordinal))
        {
            if (RaplDomain.TryOpen(domain) is { } opened && opened.Name.StartsWith("package-", StringComparison.Ordinal) && seen.Add(opened.Name))
                _domains.Add(opened);
        }
    }

    private sealed class RaplDomain(string file, string name, long range, long last)
    {
        private long _last = last;

        public string Name => name;

        public static RaplDomain? TryOpen(string folder)
        {
            try
            {
                string file = Path.Combine(folder, "energy_uj");
                return new RaplDomain(
                    file,
                    File.ReadAllText(Path.Combine(folder, "name")).Trim(),
                    Read(Path.Combine(folder, "max_energy_range_uj")),
                    Read(file));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
            {
                return null; // Readable by root only on most systems.
            }
        }

        public double ReadDelta()
        {
            try
            {
                long now = Read(file);
                long delta = now - _last;
                _last = now;
                return delta < 0 ? delta + range : delta;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
            {
                return 0;
            }
        }

        private static long Read(string path) => long.Parse(File.ReadAllText(path), CultureInfo.InvariantCulture);
    }
}

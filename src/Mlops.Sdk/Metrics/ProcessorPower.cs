using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Mlops.Metrics;

/// <summary>Thermal design power of processors by name, from their makers' pages; the setting <see cref="MetricsOptions.ProcessorTdpWatts"/> goes first.</summary>
internal static partial class ProcessorPower
{
    /// <summary>What CodeCarbon assumes for an unknown processor: watts a logical processor.</summary>
    public const double UnknownWattsPerProcessor = 4;

    private static readonly FrozenDictionary<string, double> Watts = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase)
    {
        ["Intel Atom x6425E"] = 12,
        ["Intel Celeron J6412"] = 10,
        ["Intel Core i3-1215U"] = 15,
        ["Intel Core i5-8500T"] = 35,
        ["Intel Core i7-8650U"] = 15,
        ["Intel Core i7-9700"] = 65,
        ["Intel Core i9-12900"] = 65,
        ["Intel Xeon E3-1505L v5"] = 25,
        ["Intel Xeon Gold 6230"] = 125,
        ["Intel Xeon Platinum 8259CL"] = 210,
        ["Intel Xeon Platinum 8375C"] = 300,
        ["AMD Ryzen Embedded V1605B"] = 15,
        ["AMD Ryzen 7 5800X"] = 105,
        ["AMD EPYC 7402P"] = 180,
        ["AMD EPYC 7763"] = 280,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the power of the machine's processor, or null when its name is not known.</summary>
    public static double? Find(string name)
    {
        string plain = Noise().Replace(name, " ");
        plain = Spaces().Replace(plain, " ").Trim();
        return Watts.TryGetValue(plain, out double watts) ? watts : null;
    }

    /// <summary>Returns the processor's name as the system tells it, or an empty text.</summary>
    public static string ReadName()
    {
        try
        {
            return File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }

    [GeneratedRegex(@"\((R|TM)\)|\bCPU\b|@.*$|\b\d+-Core Processor\b|\bProcessor\b|\b1[1-4]th Gen\b", RegexOptions.IgnoreCase)]
    private static partial Regex Noise();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}

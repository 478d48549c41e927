using System.Text.RegularExpressions;

namespace Mlops.Ingest.Mapping;

/// <summary>Guesses units from the ends of names: <c>oil_temp_c</c>, <c>pressureBar</c>, <c>speed-rpm</c>.</summary>
internal static partial class UnitNames
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["c"] = "°C",
        ["degc"] = "°C",
        ["celsius"] = "°C",
        ["f"] = "°F",
        ["degf"] = "°F",
        ["fahrenheit"] = "°F",
        ["kelvin"] = "K",
        ["bar"] = "bar",
        ["mbar"] = "mbar",
        ["pa"] = "Pa",
        ["hpa"] = "hPa",
        ["kpa"] = "kPa",
        ["mpa"] = "MPa",
        ["psi"] = "psi",
        ["m"] = "m",
        ["mm"] = "mm",
        ["cm"] = "cm",
        ["um"] = "µm",
        ["nm"] = "nm",
        ["km"] = "km",
        ["g"] = "g",
        ["kg"] = "kg",
        ["mg"] = "mg",
        ["t"] = "t",
        ["s"] = "s",
        ["sec"] = "s",
        ["seconds"] = "s",
        ["ms"] = "ms",
        ["us"] = "µs",
        ["ns"] = "ns",
        ["min"] = "min",
        ["h"] = "h",
        ["hours"] = "h",
        ["v"] = "V",
        ["mv"] = "mV",
        ["kv"] = "kV",
        ["a"] = "A",
        ["ma"] = "mA",
        ["w"] = "W",
        ["kw"] = "kW",
        ["wh"] = "Wh",
        ["kwh"] = "kWh",
        ["hz"] = "Hz",
        ["khz"] = "kHz",
        ["rpm"] = "1/min",
        ["n"] = "N",
        ["kn"] = "kN",
        ["pct"] = "%",
        ["percent"] = "%",
        ["deg"] = "°",
        ["l"] = "l",
        ["ml"] = "ml",
        ["db"] = "dB",
        ["ppm"] = "ppm",
        ["lux"] = "lx",
    };

    /// <summary>Returns the unit that the last word of a name stands for; a name of one word names no unit.</summary>
    public static string? Guess(string name)
    {
        string[] words = Word().Split(name[(name.LastIndexOf('.') + 1)..]).Where(w => w.Length > 0).ToArray();
        return words.Length > 1 && Known.TryGetValue(words[^1], out string? unit) ? unit : null;
    }

    // At a separator, and where a capital follows something else.
    [GeneratedRegex("[_\\- ]|(?<=[a-z0-9])(?=[A-Z])", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}

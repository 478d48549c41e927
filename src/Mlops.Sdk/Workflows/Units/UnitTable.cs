using System.Collections.Frozen;

namespace Mlops.Workflows.Units;

/// <summary>The units that can be converted into each other, each by its spellings, as an affine map to the first unit of its quantity.</summary>
/// <remarks>Spellings are compared exactly: <c>mW</c> and <c>MW</c> differ. Factors are those of the SI brochure (9th edition) and NIST SP 811.</remarks>
internal static class UnitTable
{
    private const double Pound = 0.45359237;
    private const double PoundForce = Pound * 9.80665;
    private const double Inch = 0.0254;

    private static readonly FrozenDictionary<string, Unit> Units = Build();

    /// <summary>Finds the conversion of values in one unit to another.</summary>
    /// <returns><see langword="null"/> when one of them is unknown or they measure different quantities.</returns>
    public static UnitConversion? Find(string from, string to)
    {
        (from, to) = (Normalize(from), Normalize(to));
        if (from == to)
            return new UnitConversion(1, 0);
        if (!Units.TryGetValue(from, out Unit given) || !Units.TryGetValue(to, out Unit wanted) || given.Quantity != wanted.Quantity)
            return null;
        return new UnitConversion(given.Scale / wanted.Scale, (given.Offset - wanted.Offset) / wanted.Scale);
    }

    /// <summary>Returns the conversion that a binding needs; <see langword="null"/> when values can be taken as they are.</summary>
    /// <param name="from">Unit of the feed's field; <see langword="null"/> when the asset does not say.</param>
    /// <param name="to">Unit of the input; <see langword="null"/> when any will do.</param>
    /// <param name="possible">Whether the two go together.</param>
    public static UnitConversion? Between(string? from, string? to, out bool possible)
    {
        possible = true;
        if (string.IsNullOrWhiteSpace(from) || string.IsNullOrWhiteSpace(to))
            return null;
        UnitConversion? found = Find(from, to);
        possible = found is not null;
        return found is { Scale: 1, Offset: 0 } ? null : found;
    }

    /// <summary>Returns the first spelling of each unit that goes together with one, for messages; empty when it is unknown.</summary>
    public static IReadOnlyList<string> Like(string unit) => Units.TryGetValue(Normalize(unit), out Unit known)
        ? [.. Units.Values.Where(u => u.Quantity == known.Quantity).Select(u => u.Name).Distinct().Order(StringComparer.Ordinal)]
        : [];

    // Two code points look like the degree sign, two like the micro sign, and some units are one character of their own.
    private static string Normalize(string unit) => unit.Trim()
        .Replace('\u00ba', '°').Replace('\u03bc', 'µ').Replace("\u2103", "°C", StringComparison.Ordinal).Replace("\u2109", "°F", StringComparison.Ordinal)
        .Replace("° ", "°", StringComparison.Ordinal);

    private static FrozenDictionary<string, Unit> Build()
    {
        var units = new Dictionary<string, Unit>(StringComparer.Ordinal);
        void Add(string quantity, double scale, double offset, params ReadOnlySpan<string> names)
        {
            foreach (string name in names)
                units.Add(name, new Unit(names[0], quantity, scale, offset));
        }

        Add("temperature", 1, 0, "°C", "degC", "C", "Cel", "celsius");
        Add("temperature", 5.0 / 9, -160.0 / 9, "°F", "degF", "F", "fahrenheit");
        Add("temperature", 1, -273.15, "K", "kelvin");

        Add("length", 1, 0, "m", "metre", "meter");
        Add("length", 1e-9, 0, "nm");
        Add("length", 1e-6, 0, "µm", "um");
        Add("length", 1e-3, 0, "mm");
        Add("length", 1e-2, 0, "cm");
        Add("length", 1e3, 0, "km");
        Add("length", Inch, 0, "in", "inch", "\"");
        Add("length", 12 * Inch, 0, "ft", "foot");

        Add("pressure", 1, 0, "Pa");
        Add("pressure", 1e2, 0, "hPa", "mbar");
        Add("pressure", 1e3, 0, "kPa");
        Add("pressure", 1e6, 0, "MPa", "N/mm²", "N/mm2");
        Add("pressure", 1e5, 0, "bar");
        Add("pressure", PoundForce / (Inch * Inch), 0, "psi");
        Add("pressure", 101_325, 0, "atm");

        Add("mass", 1, 0, "kg");
        Add("mass", 1e-6, 0, "mg");
        Add("mass", 1e-3, 0, "g");
        Add("mass", 1e3, 0, "t");
        Add("mass", Pound, 0, "lb", "lbs");
        Add("mass", Pound / 16, 0, "oz");

        Add("time", 1, 0, "s", "sec");
        Add("time", 1e-9, 0, "ns");
        Add("time", 1e-6, 0, "µs", "us");
        Add("time", 1e-3, 0, "ms");
        Add("time", 60, 0, "min");
        Add("time", 3600, 0, "h");
        Add("time", 86_400, 0, "d");

        Add("speed", 1, 0, "m/s");
        Add("speed", 1e-3, 0, "mm/s");
        Add("speed", 1.0 / 60, 0, "m/min");
        Add("speed", 1e-3 / 60, 0, "mm/min");
        Add("speed", 1 / 3.6, 0, "km/h");
        Add("speed", 12 * Inch, 0, "ft/s");
        Add("speed", 0.44704, 0, "mph");

        Add("angle", 1, 0, "rad");
        Add("angle", Math.PI / 180, 0, "°", "deg");
        Add("angle", Math.Tau, 0, "rev");

        Add("rotation", 1, 0, "rad/s");
        Add("rotation", Math.PI / 180, 0, "°/s", "deg/s");
        Add("rotation", Math.Tau / 60, 0, "rpm", "1/min", "min⁻¹");

        Add("ratio", 1, 0, "1", "ratio");
        Add("ratio", 1e-2, 0, "%", "percent");
        Add("ratio", 1e-3, 0, "‰");
        Add("ratio", 1e-6, 0, "ppm");

        Add("energy", 1, 0, "J");
        Add("energy", 1e3, 0, "kJ");
        Add("energy", 1e6, 0, "MJ");
        Add("energy", 3600, 0, "Wh");
        Add("energy", 3.6e6, 0, "kWh");
        Add("energy", 3.6e9, 0, "MWh");

        Add("power", 1, 0, "W");
        Add("power", 1e-3, 0, "mW");
        Add("power", 1e3, 0, "kW");
        Add("power", 1e6, 0, "MW");
        return units.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private readonly record struct Unit(string Name, string Quantity, double Scale, double Offset);
}

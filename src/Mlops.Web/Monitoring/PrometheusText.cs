using System.Globalization;
using System.Text;

namespace Mlops.Web.Monitoring;

/// <summary>Names, labels and values as Prometheus' text exposition format 0.0.4 has them.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    // Units of OpenTelemetry, as suffixes of Prometheus.
    private static readonly Dictionary<string, string> Units = new(StringComparer.Ordinal)
    {
        ["s"] = "seconds",
        ["ms"] = "milliseconds",
        ["By"] = "bytes",
        ["MiBy"] = "mebibytes",
        ["W"] = "watts",
        ["J"] = "joules",
        ["%"] = "percent",
        ["1"] = "ratio",
    };

    public static string Name(string instrument, string? unit, bool isCounter)
    {
        var name = new StringBuilder(instrument.Length + 16);
        foreach (char c in instrument)
            name.Append(char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_');
        if (char.IsAsciiDigit(name[0]))
            name.Insert(0, '_');
        if (unit is not null && Units.TryGetValue(unit, out string? suffix) && !name.ToString().EndsWith('_' + suffix, StringComparison.Ordinal))
            name.Append('_').Append(suffix);
        if (isCounter && !name.ToString().EndsWith("_total", StringComparison.Ordinal))
            name.Append("_total");
        return name.ToString();
    }

    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length == 0)
            return "";
        var text = new StringBuilder();
        foreach ((string key, object? value) in tags.ToArray().OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            if (text.Length > 0)
                text.Append(',');
            foreach (char c in key)
                text.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
            text.Append("=\"").Append(Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")).Append('"');
        }

        return text.ToString();
    }

    public static string Value(double value) => double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    public static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}

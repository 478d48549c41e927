using System.Buffers;
using System.Globalization;

namespace Mlops.Workflows.Manifests;

/// <summary>Reads durations as people write them: a number and a unit, for example <c>500ms</c>, <c>90s</c>, <c>1.5h</c>.</summary>
internal static class DurationText
{
    /// <summary>The longest duration that is taken.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromDays(30);

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        int unit = text.AsSpan().IndexOfAnyExcept(Digits);
        if (unit <= 0 || !double.TryParse(text.AsSpan(0, unit), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
            return false;
        double seconds = text.AsSpan(unit).Trim() switch
        {
            "ms" => number / 1000,
            "s" => number,
            "m" or "min" => number * 60,
            "h" => number * 3600,
            "d" => number * 86400,
            _ => double.NaN,
        };
        if (!(seconds >= 0.001 && seconds <= Max.TotalSeconds))
            return false;
        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }
}

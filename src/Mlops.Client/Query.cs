using System.Globalization;
using System.Text;

namespace Mlops.Client;

/// <summary>Writes paths with what was asked for behind them.</summary>
internal static class Query
{
    public static string Of(string path, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var text = new StringBuilder(path);
        char separator = '?';
        foreach ((string name, object? value) in parameters)
        {
            if (value is null)
                continue;
            string written = value is DateTimeOffset time ? time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) : Convert.ToString(value, CultureInfo.InvariantCulture)!;
            text.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(written));
            separator = '&';
        }

        return text.ToString();
    }

    /// <summary>Writes a name as one segment of a path.</summary>
    public static string Segment(string name) => Uri.EscapeDataString(name);
}

using System.Globalization;
using Mlops.Drivers.GenICam.Pixels;

namespace Mlops.Drivers.GenICam.Encoding;

/// <summary>How frames are named that are stored as the camera sent them: <c>image/x-genicam.BayerRG8.640x480</c>.</summary>
internal static class RawFrames
{
    private const string Prefix = "image/x-genicam.";

    public static string MediaType(PixelFormat format, int width, int height) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{format}.{width}x{height}");

    public static bool TryParse(string mediaType, out PixelFormat format, out int width, out int height)
    {
        (format, width, height) = (default, 0, 0);
        if (!mediaType.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        string[] parts = mediaType[Prefix.Length..].Split('.', 'x');
        return parts.Length == 3 && Enum.TryParse(parts[0], out format)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out width) && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out height);
    }
}

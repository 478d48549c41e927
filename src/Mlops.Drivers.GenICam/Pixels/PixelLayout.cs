using System.Collections.Frozen;

namespace Mlops.Drivers.GenICam.Pixels;

/// <summary>How a format is read: what is packed how, and what its samples mean.</summary>
/// <param name="Packing">How samples lie in bytes.</param>
/// <param name="Bits">Significant bits of a sample.</param>
/// <param name="Meaning">What the samples of a pixel are.</param>
/// <param name="FirstRed">Where the red sample of a Bayer square is: bit 0 its column, bit 1 its row.</param>
internal readonly record struct PixelLayout(SamplePacking Packing, int Bits, SampleMeaning Meaning, int FirstRed = 0)
{
    private static readonly FrozenDictionary<PixelFormat, PixelLayout> Known = Enum.GetValues<PixelFormat>()
        .Where(f => f != PixelFormat.Unknown)
        .ToDictionary(f => f, Read)
        .ToFrozenDictionary();

    /// <summary>Gets a value indicating whether a picture of it has three channels.</summary>
    public bool IsColour => Meaning != SampleMeaning.Grey;

    /// <summary>Gets a value indicating whether its samples have more than 8 bits.</summary>
    public bool IsDeep => Bits > 8;

    /// <summary>Gets a value indicating whether its samples lie as pictures of 8 bits have them.</summary>
    public bool IsPlain => Packing == SamplePacking.Bytes && Meaning is SampleMeaning.Grey or SampleMeaning.Rgb;

    public static bool TryFind(PixelFormat format, out PixelLayout layout) => Known.TryGetValue(format, out layout);

    /// <summary>Returns how many bytes a picture takes at least.</summary>
    public static long Size(PixelFormat format, int width, int height) => ((((uint)format >> 16) & 0xFF) * (long)width * height + 7) / 8;

    // The names are made by rule, so that they tell everything: BayerRG12Packed.
    private static PixelLayout Read(PixelFormat format)
    {
        string name = format.ToString();
        if (name.StartsWith("YUV", StringComparison.Ordinal))
            return new PixelLayout(SamplePacking.Bytes, 8, format == PixelFormat.YUV422_8 ? SampleMeaning.Yuyv : SampleMeaning.Uyvy);
        if (format is PixelFormat.RGB8 or PixelFormat.BGR8 or PixelFormat.RGBa8 or PixelFormat.BGRa8)
        {
            return new PixelLayout(SamplePacking.Bytes, 8, format switch
            {
                PixelFormat.RGB8 => SampleMeaning.Rgb,
                PixelFormat.BGR8 => SampleMeaning.Bgr,
                PixelFormat.RGBa8 => SampleMeaning.Rgba,
                _ => SampleMeaning.Bgra,
            });
        }

        int bits = int.Parse(string.Concat(name.Where(char.IsAsciiDigit)), System.Globalization.CultureInfo.InvariantCulture);
        SamplePacking packing = name.EndsWith("Packed", StringComparison.Ordinal) ? SamplePacking.GigEVision
            : name[^1] == 'p' ? SamplePacking.LeastSignificantFirst
            : bits > 8 ? SamplePacking.Words : SamplePacking.Bytes;
        if (name.StartsWith("Mono", StringComparison.Ordinal))
            return new PixelLayout(packing, bits, SampleMeaning.Grey);
        int red = name.AsSpan(5, 2) switch { "RG" => 0, "GR" => 1, "GB" => 2, _ => 3 };
        return new PixelLayout(packing, bits, SampleMeaning.Bayer, red);
    }
}

namespace Mlops.Drivers.GenICam.Pixels;

/// <summary>Where the samples of a picture are written: row by row, the channels of a pixel side by side.</summary>
/// <param name="bytes">Takes them; at least as many as the size says.</param>
/// <param name="width">Width in pixels.</param>
/// <param name="height">Height in pixels.</param>
/// <param name="channels">1 (grey) or 3 (red, green, blue).</param>
/// <param name="depth">Bits of a sample: 8, or 16 with the low byte first.</param>
internal readonly ref struct PictureSamples(Span<byte> bytes, int width, int height, int channels, int depth)
{
    public Span<byte> Bytes { get; } = bytes[..checked(width * height * channels * (depth / 8))];

    public int Width => width;

    public int Height => height;

    public int Depth => depth;

    public Span<byte> Row(int y)
    {
        int stride = width * channels * (depth / 8);
        return Bytes.Slice(y * stride, stride);
    }
}

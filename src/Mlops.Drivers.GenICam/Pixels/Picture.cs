using System.Buffers;

namespace Mlops.Drivers.GenICam.Pixels;

/// <summary>A picture that everybody can read: grey or red, green, blue; 8 or 16 bits. Its memory is rented: dispose it.</summary>
internal sealed class Picture : IDisposable
{
    private byte[]? _bytes;

    public Picture(int width, int height, int channels, int depth)
    {
        (Width, Height, Channels, Depth) = (width, height, channels, depth);
        Length = checked(width * height * channels * (depth / 8));
        _bytes = ArrayPool<byte>.Shared.Rent(Length);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Gets the number of channels: 1 (grey) or 3 (red, green, blue).</summary>
    public int Channels { get; }

    /// <summary>Gets the bits of a sample: 8, or 16 with the low byte first.</summary>
    public int Depth { get; }

    public int Stride => Width * Channels * (Depth / 8);

    /// <summary>Gets the samples, row by row.</summary>
    public Span<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Gets where the samples are written.</summary>
    public PictureSamples Samples => new(Bytes, Width, Height, Channels, Depth);

    private int Length { get; }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
            ArrayPool<byte>.Shared.Return(bytes);
    }
}

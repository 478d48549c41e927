using System.Buffers;
using System.Runtime.InteropServices;

namespace Mlops.Drivers.GenICam.Pixels;

/// <summary>Makes pictures of what cameras send: unpacks, turns YUV into RGB, and fills in the colours of Bayer patterns.</summary>
internal static class PictureReader
{
    /// <summary>Makes a picture of a frame.</summary>
    /// <param name="format">How it is written.</param>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="pixels">What the camera sent.</param>
    /// <param name="isEightBit">Whether samples are cut to their 8 highest bits; else those of more fill 16 bits from the top.</param>
    /// <param name="step">Takes each pixel (1), or one of two, three … in both directions. Colour patterns are taken square by square.</param>
    /// <exception cref="NotSupportedException">The format is not known, or there are fewer pixels than the size says.</exception>
    public static Picture Read(PixelFormat format, int width, int height, ReadOnlySpan<byte> pixels, bool isEightBit = false, int step = 1)
    {
        PixelLayout layout = Check(format, width, height, pixels);
        if (layout.Meaning == SampleMeaning.Bayer && step > 1)
            step += step & 1;
        var picture = new Picture((width + step - 1) / step, (height + step - 1) / step, layout.IsColour ? 3 : 1, layout.IsDeep && !isEightBit ? 16 : 8);
        Write(layout, width, height, pixels, picture.Samples, step);
        return picture;
    }

    /// <summary>Writes the samples of a frame, cut to their 8 highest bits, without anything in between.</summary>
    /// <param name="format">How it is written.</param>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="pixels">What the camera sent.</param>
    /// <param name="samples">Takes width · height bytes, for colours three times as many.</param>
    /// <exception cref="NotSupportedException">The format is not known, or there are fewer pixels than the size says.</exception>
    public static void Write(PixelFormat format, int width, int height, ReadOnlySpan<byte> pixels, Span<byte> samples)
    {
        PixelLayout layout = Check(format, width, height, pixels);
        Write(layout, width, height, pixels, new PictureSamples(samples, width, height, layout.IsColour ? 3 : 1, depth: 8), step: 1);
    }

    private static PixelLayout Check(PixelFormat format, int width, int height, ReadOnlySpan<byte> pixels)
    {
        if (!PixelLayout.TryFind(format, out PixelLayout layout))
            throw new NotSupportedException($"Pixel format 0x{(uint)format:X8} is not known. Choose another 'PixelFormat', for example Mono8, BayerRG8 or RGB8; or store frames raw.");
        return pixels.Length >= PixelLayout.Size(format, width, height)
            ? layout
            : throw new NotSupportedException($"A frame of {width} x {height} pixels in {format} takes {PixelLayout.Size(format, width, height)} bytes; {pixels.Length} came.");
    }

    private static void Write(in PixelLayout layout, int width, int height, ReadOnlySpan<byte> pixels, PictureSamples samples, int step)
    {
        if (layout.IsPlain && step == 1)
            pixels[..samples.Bytes.Length].CopyTo(samples.Bytes);
        else if (layout.Meaning is SampleMeaning.Grey or SampleMeaning.Bayer)
            WriteSamples(layout, width, height, pixels, samples, step);
        else
            WriteColours(layout.Meaning, width, pixels, samples, step);
    }

    private static void WriteSamples(in PixelLayout layout, int width, int height, ReadOnlySpan<byte> pixels, PictureSamples samples, int step)
    {
        // Three rows at a time are unpacked: what a Bayer pixel needs of its neighbours.
        ushort[] rented = ArrayPool<ushort>.Shared.Rent(width * 3);
        try
        {
            var rows = new SampleRows(rented, width, height);
            for (int y = 0; y < samples.Height; y++)
            {
                rows.Load(layout, pixels, y * step, withNeighbours: layout.Meaning == SampleMeaning.Bayer);
                Span<byte> line = samples.Row(y);
                for (int x = 0; x < samples.Width; x++)
                {
                    if (layout.Meaning == SampleMeaning.Grey)
                    {
                        Store(line, samples.Depth, x, rows[0, x * step], layout.Bits);
                        continue;
                    }

                    var (red, green, blue) = BayerPixel.At(rows, x * step, y * step, layout.FirstRed);
                    Store(line, samples.Depth, x * 3, red, layout.Bits);
                    Store(line, samples.Depth, (x * 3) + 1, green, layout.Bits);
                    Store(line, samples.Depth, (x * 3) + 2, blue, layout.Bits);
                }
            }
        }
        finally
        {
            ArrayPool<ushort>.Shared.Return(rented);
        }
    }

    private static void Store(Span<byte> line, int depth, int sample, int value, int bits)
    {
        if (depth == 8)
            line[sample] = (byte)(value >> (bits - 8));
        else
            MemoryMarshal.Cast<byte, ushort>(line)[sample] = (ushort)(value << (16 - bits));
    }

    private static void WriteColours(SampleMeaning meaning, int width, ReadOnlySpan<byte> pixels, PictureSamples samples, int step)
    {
        int size = meaning switch { SampleMeaning.Rgb or SampleMeaning.Bgr => 3, SampleMeaning.Rgba or SampleMeaning.Bgra => 4, _ => 2 };
        for (int y = 0; y < samples.Height; y++)
        {
            ReadOnlySpan<byte> from = pixels.Slice(y * step * width * size, width * size);
            Span<byte> to = samples.Row(y);
            for (int x = 0; x < samples.Width; x++)
            {
                Span<byte> rgb = to.Slice(x * 3, 3);
                int at = x * step;
                if (meaning is SampleMeaning.Yuyv or SampleMeaning.Uyvy)
                {
                    int pair = (at & ~1) * 2;
                    int chroma = meaning == SampleMeaning.Yuyv ? 1 : 0;

                    // The last column of an odd width has no second colour difference.
                    int v = pair + chroma + 2 < from.Length ? from[pair + chroma + 2] : from[pair + chroma];
                    ToRgb(from[(at * 2) + 1 - chroma], from[pair + chroma], v, rgb);
                    continue;
                }

                ReadOnlySpan<byte> pixel = from.Slice(at * size, size);
                bool isReversed = meaning is SampleMeaning.Bgr or SampleMeaning.Bgra;
                rgb[0] = pixel[isReversed ? 2 : 0];
                rgb[1] = pixel[1];
                rgb[2] = pixel[isReversed ? 0 : 2];
            }
        }
    }

    // ITU-R BT.601 with the full range of 8 bits, as the Pixel Format Naming Convention defines YUV; in 16.16 fixed point.
    private static void ToRgb(int y, int u, int v, Span<byte> rgb)
    {
        (u, v) = (u - 128, v - 128);
        int scaled = (y << 16) + 32768;
        rgb[0] = Clamp((scaled + (91881 * v)) >> 16);
        rgb[1] = Clamp((scaled - (22554 * u) - (46802 * v)) >> 16);
        rgb[2] = Clamp((scaled + (116130 * u)) >> 16);
    }

    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);
}

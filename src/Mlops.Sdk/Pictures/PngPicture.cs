using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Mlops.Pictures;

/// <summary>A PNG file; its pixels are unpacked when they are asked for.</summary>
internal sealed class PngPicture : IPicture
{
    private const int MostPixels = 200_000_000;
    private readonly ReadOnlyMemory<byte> _file;
    private readonly int _depth;
    private readonly Colour _colour;

    /// <exception cref="IOException">It is no PNG, or of a kind that is not read.</exception>
    public PngPicture(ReadOnlyMemory<byte> file)
    {
        _file = file;
        ReadOnlySpan<byte> bytes = file.Span;
        if (bytes.Length < 33 || !bytes[..8].SequenceEqual(Signature) || !bytes.Slice(12, 4).SequenceEqual("IHDR"u8))
            throw Damaged("it does not begin as one");
        (Width, Height) = (BinaryPrimitives.ReadInt32BigEndian(bytes[16..]), BinaryPrimitives.ReadInt32BigEndian(bytes[20..]));
        (_depth, _colour) = (bytes[24], (Colour)bytes[25]);
        if (Width <= 0 || Height <= 0 || (long)Width * Height > MostPixels)
            throw Damaged($"its size is {Width} x {Height}");
        if (bytes[28] != 0 || !(_depth == 8 || (_depth == 16 && _colour != Colour.Palette)) || !Enum.IsDefined(_colour))
            throw new IOException($"A PNG of {_depth} bits, colour type {bytes[25]}{(bytes[28] != 0 ? ", interlaced" : "")} is not read. Store it with 8 or 16 bits, not interlaced.");
    }

    // As the file numbers them.
    private enum Colour : byte
    {
        Grey = 0,
        Rgb = 2,
        Palette = 3,
        GreyAlpha = 4,
        RgbAlpha = 6,
    }

    public int Width { get; }

    public int Height { get; }

    public int Channels => _colour is Colour.Grey or Colour.GreyAlpha ? 1 : 3;

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    public void CopyTo(Span<byte> samples)
    {
        (MemoryStream packed, byte[] palette) = ReadChunks();
        int pixel = SamplesIn * (_depth / 8);
        int stride = Width * pixel;
        byte[] rented = ArrayPool<byte>.Shared.Rent((stride + 1) * 2);
        try
        {
            using var rows = new ZLibStream(packed, CompressionMode.Decompress);
            Span<byte> row = rented.AsSpan(0, stride + 1), above = rented.AsSpan(stride + 1, stride + 1);
            above.Clear();
            for (int y = 0; y < Height; y++)
            {
                rows.ReadExactly(row);
                Unfilter(row, above, pixel);
                Store(row[1..], palette, samples.Slice(y * Width * Channels, Width * Channels));
                Span<byte> other = above;
                above = row;
                row = other;
            }
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw Damaged("its pixels end too early or cannot be unpacked");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    public void Dispose()
    {
        // The bytes are the caller's.
    }

    private int SamplesIn => _colour switch { Colour.Grey or Colour.Palette => 1, Colour.GreyAlpha => 2, Colour.Rgb => 3, _ => 4 };

    private (MemoryStream Packed, byte[] Palette) ReadChunks()
    {
        var packed = new MemoryStream();
        byte[] palette = [];
        ReadOnlySpan<byte> rest = _file.Span[8..];
        while (rest.Length >= 12)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - 12)
                throw Damaged("a part of it is longer than the file");
            ReadOnlySpan<byte> content = rest.Slice(8, (int)length);
            if (rest.Slice(4, 4).SequenceEqual("IDAT"u8))
                packed.Write(content);
            else if (rest.Slice(4, 4).SequenceEqual("PLTE"u8))
                palette = content.ToArray();
            rest = rest[(12 + (int)length)..];
        }

        packed.Position = 0;
        return (packed, palette);
    }

    // Section 9 of the standard: each byte is told as its difference to what the bytes before it let expect.
    private static void Unfilter(Span<byte> row, ReadOnlySpan<byte> above, int pixel)
    {
        for (int i = 1; i < row.Length; i++)
        {
            int left = i > pixel ? row[i - pixel] : 0;
            int up = above[i];
            int corner = i > pixel ? above[i - pixel] : 0;
            row[i] += row[0] switch
            {
                0 => 0,
                1 => (byte)left,
                2 => (byte)up,
                3 => (byte)((left + up) / 2),
                4 => (byte)Paeth(left, up, corner),
                _ => throw Damaged($"row filter {row[0]} is not known"),
            };
        }
    }

    private static int Paeth(int left, int up, int corner)
    {
        (int toLeft, int toUp, int toCorner) = (Math.Abs(up - corner), Math.Abs(left - corner), Math.Abs(left + up - (2 * corner)));
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }

    private void Store(ReadOnlySpan<byte> row, byte[] palette, Span<byte> to)
    {
        int bytes = _depth / 8;
        int step = SamplesIn * bytes;
        int channels = Channels;
        for (int x = 0; x < Width; x++)
        {
            ReadOnlySpan<byte> pixel = row.Slice(x * step, step);
            for (int c = 0; c < channels; c++)
            {
                int entry = (pixel[0] * 3) + c;
                to[(x * channels) + c] = _colour != Colour.Palette ? pixel[c * bytes]
                    : entry < palette.Length ? palette[entry] : throw Damaged("a colour is not in its palette");
            }
        }
    }

    private static IOException Damaged(string why) => new($"The picture is no whole PNG file: {why}. Restore it from a backup, or leave its record out.");
}

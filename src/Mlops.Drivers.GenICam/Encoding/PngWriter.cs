using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Mlops.Drivers.GenICam.Pixels;

namespace Mlops.Drivers.GenICam.Encoding;

/// <summary>Writes pictures as PNG (ISO/IEC 15948), quickly rather than small.</summary>
internal static class PngWriter
{
    public const string MediaType = "image/png";

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    public static void Write(Picture picture, Stream to)
    {
        to.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, picture.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], picture.Height);
        header[8] = (byte)picture.Depth;
        header[9] = (byte)(picture.Channels == 1 ? 0 : 2);
        WriteChunk(to, "IHDR"u8, header);
        using (var data = new MemoryStream())
        {
            using (var packed = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
                WriteRows(picture, packed);
            WriteChunk(to, "IDAT"u8, data.GetBuffer().AsSpan(0, (int)data.Length));
        }

        WriteChunk(to, "IEND"u8, []);
    }

    // Each byte is written as its difference to the same byte of the pixel before (filter 1): what cameras see is smooth.
    private static void WriteRows(Picture picture, Stream to)
    {
        int size = picture.Channels * (picture.Depth / 8);
        byte[] line = ArrayPool<byte>.Shared.Rent(picture.Stride + 1);
        byte[] swapped = ArrayPool<byte>.Shared.Rent(picture.Stride);
        try
        {
            line[0] = 1;
            for (int y = 0; y < picture.Height; y++)
            {
                Span<byte> row = swapped.AsSpan(0, picture.Stride);
                picture.Bytes.Slice(y * picture.Stride, picture.Stride).CopyTo(row);
                if (picture.Depth == 16 && BitConverter.IsLittleEndian)
                    BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, ushort>(row), MemoryMarshal.Cast<byte, ushort>(row));
                Span<byte> filtered = line.AsSpan(1, picture.Stride);
                row[..size].CopyTo(filtered);
                for (int i = size; i < filtered.Length; i++)
                    filtered[i] = (byte)(row[i] - row[i - size]);
                to.Write(line, 0, picture.Stride + 1);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(swapped);
            ArrayPool<byte>.Shared.Return(line);
        }
    }

    private static void WriteChunk(Stream to, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        to.Write(number);
        to.Write(type);
        to.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Of(type, content));
        to.Write(number);
    }
}

using System.Buffers.Binary;
using System.IO.Compression;
using Mlops.Pictures;

namespace Mlops.Sdk.Tests.Pictures;

/// <summary>Files made by hand, one of each kind and filter.</summary>
public sealed class PngPictureTests
{
    [Theory]
    [InlineData(0, 8, "00 01 02 03, 00 04 05 06", 3, 1, new[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData(0, 8, "01 01 01 01, 02 01 01 01", 3, 1, new[] { 1, 2, 3, 2, 3, 4 })]
    [InlineData(0, 8, "00 0A 14 1E, 03 05 05 05", 3, 1, new[] { 10, 20, 30, 10, 20, 30 })]
    [InlineData(0, 8, "00 0A 14 1E, 04 01 01 01", 3, 1, new[] { 10, 20, 30, 11, 21, 31 })]
    [InlineData(0, 16, "00 01 FF 02 00 03 80", 3, 1, new[] { 1, 2, 3 })]
    [InlineData(2, 8, "00 01 02 03 04 05 06", 2, 3, new[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData(2, 8, "01 01 02 03 01 01 01", 2, 3, new[] { 1, 2, 3, 2, 3, 4 })]
    [InlineData(3, 8, "00 01 00", 2, 3, new[] { 4, 5, 6, 1, 2, 3 })]
    [InlineData(4, 8, "00 07 FF 08 00", 2, 1, new[] { 7, 8 })]
    [InlineData(6, 8, "00 01 02 03 FF 04 05 06 00", 2, 3, new[] { 1, 2, 3, 4, 5, 6 })]
    public void CopyTo_EachKindAndFilter_HasTheSamples(int colour, int depth, string rows, int width, int channels, int[] expected)
    {
        string[] lines = rows.Split(", ");
        using var picture = new PngPicture(File(colour, depth, width, lines.Length, Bytes(string.Join(' ', lines))));

        (picture.Width, picture.Height, picture.Channels).ShouldBe((width, lines.Length, channels));
        var samples = new byte[expected.Length];
        picture.CopyTo(samples);
        samples.Select(s => (int)s).ShouldBe(expected);
    }

    [Fact]
    public void Open_WhatIsNoWholePng_SaysSoAndNeverCrashes()
    {
        byte[] whole = File(2, 8, 16, 16, [.. Enumerable.Range(0, 16 * 49).Select(i => (byte)(i % 49 == 0 ? 0 : i))]);
        Should.Throw<IOException>(() => new PngPicture(new byte[10]));
        Should.Throw<IOException>(() => new PngPicture(File(0, 4, 2, 1, [0, 0]))).Message.ShouldContain("4 bits");
        var random = new Random(3);
        for (int i = 0; i < 2_000; i++)
        {
            byte[] damaged = [.. whole.AsSpan(0, random.Next(whole.Length + 1))];
            for (int flips = random.Next(4); flips > 0 && damaged.Length > 0; flips--)
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                using var picture = new PngPicture(damaged);
                if ((long)picture.Width * picture.Height < 1_000_000)
                    picture.CopyTo(new byte[picture.Width * picture.Height * picture.Channels]);
            }
            catch (IOException)
            {
                // It says what is wrong.
            }
        }
    }

    private static byte[] File(int colour, int depth, int width, int height, byte[] rows)
    {
        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = ((byte)depth, (byte)colour);
        Chunk(file, "IHDR", header);
        if (colour == 3)
            Chunk(file, "PLTE", [1, 2, 3, 4, 5, 6]);
        using (var packed = new MemoryStream())
        {
            using (var stream = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
                stream.Write(rows);

            // In two parts, as large files have it.
            byte[] all = packed.ToArray();
            Chunk(file, "IDAT", all[..(all.Length / 2)]);
            Chunk(file, "IDAT", all[(all.Length / 2)..]);
        }

        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    private static void Chunk(MemoryStream file, string type, byte[] content)
    {
        var number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(System.Text.Encoding.ASCII.GetBytes(type));
        file.Write(content);

        // The checksum, which readers need not look at.
        file.Write(new byte[4]);
    }

    private static byte[] Bytes(string hex) => [.. hex.Split(' ').Select(h => Convert.ToByte(h, 16))];
}

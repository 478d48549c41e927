using System.Globalization;
using System.Runtime.InteropServices;
using Mlops.Drivers.GenICam.Pixels;

namespace Mlops.Drivers.GenICam.Tests.Pixels;

// The bytes and the expected samples were worked out by hand from the Pixel Format Naming Convention and GigE Vision's packing.
public sealed class PictureReaderTests
{
    [Theory]
    [InlineData(PixelFormat.Mono8, "00 7F FF", new[] { 0, 127, 255 })]
    [InlineData(PixelFormat.Mono10, "FF 03 01 00 00 02", new[] { 1023 << 6, 1 << 6, 512 << 6 })]
    [InlineData(PixelFormat.Mono12, "FF 0F 01 00 00 08", new[] { 4095 << 4, 1 << 4, 2048 << 4 })]
    [InlineData(PixelFormat.Mono14, "FF 3F 01 00 00 20", new[] { 16383 << 2, 1 << 2, 8192 << 2 })]
    [InlineData(PixelFormat.Mono16, "34 12 FF FF 01 00", new[] { 0x1234, 0xFFFF, 1 })]
    [InlineData(PixelFormat.Mono12Packed, "AB 3C 12 FF 0F", new[] { 0xABC << 4, 0x123 << 4, 0xFFF << 4 })]
    [InlineData(PixelFormat.Mono10Packed, "AA 13 55 FF 03", new[] { ((0xAA << 2) | 3) << 6, ((0x55 << 2) | 1) << 6, 1023 << 6 })]
    [InlineData(PixelFormat.Mono12p, "BC 3A 12 FF 0F", new[] { 0xABC << 4, 0x123 << 4, 0xFFF << 4 })]
    [InlineData(PixelFormat.Mono10p, "01 F8 0F 00", new[] { 1 << 6, 0x3FE << 6, 0 })]
    public void Read_GreyOfThreePixels_IsWhatTheBytesSay(PixelFormat format, string bytes, int[] expected)
    {
        using Picture picture = PictureReader.Read(format, 3, 1, Bytes(bytes));

        picture.Channels.ShouldBe(1);
        Samples(picture).ShouldBe(expected);
    }

    [Theory]
    [InlineData(PixelFormat.RGB8, "01 02 03 04 05 06", new[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData(PixelFormat.BGR8, "01 02 03 04 05 06", new[] { 3, 2, 1, 6, 5, 4 })]
    [InlineData(PixelFormat.RGBa8, "01 02 03 FF 04 05 06 FF", new[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData(PixelFormat.BGRa8, "01 02 03 FF 04 05 06 FF", new[] { 3, 2, 1, 6, 5, 4 })]
    [InlineData(PixelFormat.YUV422_8, "52 5A 90 F0", new[] { 239, 15, 15, 255, 77, 77 })]
    [InlineData(PixelFormat.YUV422_8_UYVY, "80 10 80 EB", new[] { 16, 16, 16, 235, 235, 235 })]
    public void Read_ColourOfTwoPixels_IsRedGreenBlue(PixelFormat format, string bytes, int[] expected)
    {
        using Picture picture = PictureReader.Read(format, 2, 1, Bytes(bytes));

        picture.Channels.ShouldBe(3);
        Samples(picture).ShouldBe(expected);
    }

    [Theory]
    [InlineData(PixelFormat.BayerRG8, 0)]
    [InlineData(PixelFormat.BayerGR8, 1)]
    [InlineData(PixelFormat.BayerGB8, 2)]
    [InlineData(PixelFormat.BayerBG8, 3)]
    public void Read_BayerOfOneColour_IsThatColourEverywhere(PixelFormat format, int firstRed)
    {
        byte[] mosaic = Mosaic(6, 4, firstRed, red: 200, green: 100, blue: 50);

        using Picture picture = PictureReader.Read(format, 6, 4, mosaic);

        for (int i = 0; i < 24; i++)
            picture.Bytes.Slice(i * 3, 3).ToArray().ShouldBe([200, 100, 50]);
    }

    [Fact]
    public void Read_BayerWithAnEdge_TakesTheMeanOfTheNearest()
    {
        // R G / G B, four columns; the upper half is dark, the lower one bright.
        byte[] mosaic = [10, 20, 10, 20, 20, 30, 20, 30, 110, 120, 110, 120, 120, 130, 120, 130];

        using Picture picture = PictureReader.Read(PixelFormat.BayerRG8, 4, 4, mosaic);

        // Row 1, column 1 is blue (30): green above and below 20 and 120, beside 20 and 20; red in the corners 10, 10, 110, 110.
        picture.Bytes.Slice(((1 * 4) + 1) * 3, 3).ToArray().ShouldBe([60, 45, 30]);

        // Row 2, column 2 is red (110): green above 20, below 120, beside 120 and 120; blue in the corners 30, 30, 130, 130.
        picture.Bytes.Slice(((2 * 4) + 2) * 3, 3).ToArray().ShouldBe([110, 95, 80]);
    }

    [Fact]
    public void Read_DeepAsEightBits_KeepsTheHighest()
    {
        using Picture picture = PictureReader.Read(PixelFormat.Mono12, 2, 1, Bytes("FF 0F 10 00"), isEightBit: true);

        Samples(picture).ShouldBe([255, 1]);
    }

    [Fact]
    public void Read_EveryThirdPixel_IsSmaller()
    {
        byte[] pixels = [.. Enumerable.Range(0, 7 * 5).Select(i => (byte)i)];

        using Picture picture = PictureReader.Read(PixelFormat.Mono8, 7, 5, pixels, step: 3);

        (picture.Width, picture.Height).ShouldBe((3, 2));
        Samples(picture).ShouldBe([0, 3, 6, 21, 24, 27]);
    }

    [Fact]
    public void Read_EveryFormat_TakesItsSizeAndRefusesLess()
    {
        foreach (PixelFormat format in Enum.GetValues<PixelFormat>().Where(f => f != PixelFormat.Unknown))
        {
            byte[] pixels = new byte[PixelLayout.Size(format, 5, 3)];
            PictureReader.Read(format, 5, 3, pixels).Dispose();
            Should.Throw<NotSupportedException>(() => PictureReader.Read(format, 5, 3, pixels.AsSpan(1))).Message.ShouldContain("5 x 3");
        }
    }

    [Fact]
    public void Read_UnknownFormat_SaysWhatHelps() =>
        Should.Throw<NotSupportedException>(() => PictureReader.Read((PixelFormat)0x01234567, 1, 1, [0])).Message.ShouldContain("0x01234567");

    private static byte[] Mosaic(int width, int height, int firstRed, byte red, byte green, byte blue)
    {
        var mosaic = new byte[width * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                bool isRedColumn = x % 2 == firstRed % 2;
                bool isRedRow = y % 2 == firstRed / 2;
                mosaic[(y * width) + x] = isRedColumn && isRedRow ? red : isRedColumn || isRedRow ? green : blue;
            }
        }

        return mosaic;
    }

    private static int[] Samples(Picture picture) => picture.Depth == 8
        ? [.. picture.Bytes.ToArray().Select(b => (int)b)]
        : [.. MemoryMarshal.Cast<byte, ushort>(picture.Bytes).ToArray().Select(s => (int)s)];

    private static byte[] Bytes(string hex) => [.. hex.Split(' ').Select(h => byte.Parse(h, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
}

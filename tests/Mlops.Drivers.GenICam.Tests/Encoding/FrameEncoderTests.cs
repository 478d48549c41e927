using Mlops.Drivers.GenICam.Encoding;
using Mlops.Drivers.GenICam.Pixels;
using Mlops.Drivers.GenICam.Tests.Peers;

namespace Mlops.Drivers.GenICam.Tests.Encoding;

public sealed class FrameEncoderTests
{
    [Theory]
    [InlineData(PixelFormat.Mono8)]
    [InlineData(PixelFormat.Mono12p)]
    [InlineData(PixelFormat.RGB8)]
    public void Png_OpenedByPillow_HasTheSamplesOfThePicture(PixelFormat format)
    {
        const int Width = 31;
        const int Height = 17;
        var pixels = new byte[PixelLayout.Size(format, Width, Height)];
        new Random(7).NextBytes(pixels);
        using Picture picture = PictureReader.Read(format, Width, Height, pixels);
        using var file = new MemoryStream();

        PngWriter.Write(picture, file);

        PythonPictures.Samples(file.ToArray()).ShouldBe(picture.Bytes.ToArray());
    }

    [Theory]
    [InlineData(PixelFormat.Mono8)]
    [InlineData(PixelFormat.RGB8)]
    public void Jpeg_OpenedByPillow_IsNearlyThePicture(PixelFormat format)
    {
        const int Side = 64;
        int channels = format == PixelFormat.Mono8 ? 1 : 3;
        byte[] pixels = [.. Enumerable.Range(0, Side * Side * channels).Select(i => (byte)((i / channels % Side * 2) + (i / channels / Side)))];
        using Picture picture = PictureReader.Read(format, Side, Side, pixels);
        using var file = new MemoryStream();
        using var writer = new JpegWriter();

        writer.Write(picture, 95, file);

        byte[] samples = PythonPictures.Samples(file.ToArray());
        samples.Length.ShouldBe(pixels.Length);
        samples.Zip(pixels).Average(pair => Math.Abs(pair.First - pair.Second)).ShouldBeLessThan(2);
        file.Length.ShouldBeLessThan(pixels.Length);
    }
}

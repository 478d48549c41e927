using Mlops.Drivers.GenICam.Encoding;
using Mlops.Drivers.GenICam.Pixels;
using Mlops.Drivers.GenICam.Tests.Peers;
using Mlops.Pictures;

namespace Mlops.Drivers.GenICam.Tests.Pictures;

public sealed class PictureTests
{
    [Theory]
    [InlineData("png", "BayerRG8")]
    [InlineData("png", "Mono16")]
    [InlineData("raw", "BayerRG8")]
    [InlineData("jpeg", "RGB8")]
    public async Task Open_StoredFrame_IsWhatTheCameraSaw(string encoding, string format)
    {
        await using CameraNode node = await CameraNode.StartAsync(hasSimulation: true);
        await node.PutAsync($$"""{ "camera": "Fake_1", "features": { "Width": 64, "Height": 48, "PixelFormat": "{{format}}" }, "recent": 0, "storage": { "encoding": "{{encoding}}" } }""");
        List<Dictionary<string, object?>> rows = await node.UntilAsync(CameraNode.Frames, rows => rows.Any(r => r["image"] is string));
        var reference = (string)rows.First(r => r["image"] is string)["image"]!;

        using IPicture picture = node.Get<IPictures>().Open(reference);

        (picture.Width, picture.Height, picture.Channels).ShouldBe((64, 48, format == "Mono16" ? 1 : 3));
        var samples = new byte[picture.Width * picture.Height * picture.Channels];
        picture.CopyTo(samples);
        samples.Distinct().Count().ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task Open_FrameThatIsNotStored_ComesFromMemoryUntilItIsGone()
    {
        await using CameraNode node = await CameraNode.StartAsync(hasSimulation: true);
        await node.PutAsync("""{ "camera": "Fake_1", "features": { "Width": 64, "Height": 48 }, "frameRate": 5, "recent": 4, "storage": { "frames": "none" } }""");
        List<Dictionary<string, object?>> rows = await node.UntilAsync(CameraNode.Frames, rows => rows.Count >= 6 && HasPicture(node, rows[^1]));

        Should.Throw<IOException>(() => node.Get<IPictures>().Open((string)rows[0]["image"]!)).Message.ShouldContain("was never stored and is no longer in memory");
        await node.Get<IAssetCatalog>().RemoveAsync(CameraNode.Asset);
        Should.Throw<IOException>(() => node.Get<IPictures>().Open((string)rows[^1]["image"]!));
    }

    // While the machine does something else, more frames may come than are kept.
    private static bool HasPicture(CameraNode node, Dictionary<string, object?> row)
    {
        try
        {
            using IPicture picture = node.Get<IPictures>().Open((string)row["image"]!);
            (picture.Width, picture.Height, picture.Channels).ShouldBe((64, 48, 1));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    [Fact]
    public void Jpeg_WrittenAndRead_IsNearlyTheSame()
    {
        const int Side = 64;
        byte[] pixels = [.. Enumerable.Range(0, Side * Side * 3).Select(i => (byte)((i / 3 % Side * 2) + (i / 3 / Side)))];
        using Picture picture = PictureReader.Read(PixelFormat.RGB8, Side, Side, pixels);
        using var file = new MemoryStream();
        using (var writer = new JpegWriter())
            writer.Write(picture, 95, file);

        using IPicture read = new FrameDecoder().Open("image/jpeg", file.ToArray())!;
        var samples = new byte[pixels.Length];
        read.CopyTo(samples);

        samples.Zip(pixels).Average(pair => Math.Abs(pair.First - pair.Second)).ShouldBeLessThan(2);
    }

    [Fact]
    public void Open_DamagedJpegOrRaw_SaysSo()
    {
        var decoder = new FrameDecoder();
        Should.Throw<IOException>(() => decoder.Open("image/jpeg", new byte[] { 1, 2, 3 })).Message.ShouldContain("no whole JPEG");
        using IPicture raw = decoder.Open("image/x-genicam.BayerRG8.64x48", new byte[100])!;
        Should.Throw<IOException>(() => raw.CopyTo(new byte[64 * 48 * 3])).Message.ShouldContain("64 x 48");
        decoder.Open("image/png", new byte[100]).ShouldBeNull();
    }
}

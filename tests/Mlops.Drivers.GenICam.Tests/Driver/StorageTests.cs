using Mlops.Drivers.GenICam.Driver;
using Mlops.Drivers.GenICam.Encoding;
using Mlops.Drivers.GenICam.Pixels;
using Mlops.Drivers.GenICam.Tests.Peers;
using Mlops.Store;

namespace Mlops.Drivers.GenICam.Tests.Driver;

public sealed class StorageTests
{
    [Theory]
    [InlineData(FrameEncoding.Png, "Mono16", "image/png")]
    [InlineData(FrameEncoding.Png, "BayerRG8", "image/png")]
    [InlineData(FrameEncoding.Jpeg, "RGB8", "image/jpeg")]
    [InlineData(FrameEncoding.Raw, "BayerGB8", "image/x-genicam.BayerGB8.64x48")]
    public async Task Run_EachEncoding_StoresWhatTheRecordSays(FrameEncoding encoding, string format, string mediaType)
    {
        await using GigECamera camera = await GigECamera.StartAsync();
        GenICamSettings settings = Settings(camera.Address);
        settings.Features["PixelFormat"] = format;
        settings.Storage.Encoding = encoding;
        await using RunningCamera driver = RunningCamera.Start(settings);

        await driver.UntilAsync(s => s.Records.Any(r => r.Values["image"] is string));

        BlobReference.TryParse((string)driver.Sink.Records.First(r => r.Values["image"] is string).Values["image"]!, out BlobReference? reference).ShouldBeTrue();
        reference.MediaType.ShouldBe(mediaType);
        (byte[] content, string kept) = driver.Blobs.Contents[reference.Hash];
        (content.Length, kept).ShouldBe(((int)reference.Size, mediaType));
        if (encoding == FrameEncoding.Raw)
        {
            RawFrames.TryParse(mediaType, out PixelFormat parsed, out int width, out int height).ShouldBeTrue();
            (parsed.ToString(), width, height, content.Length).ShouldBe((format, 64, 48, 64 * 48));
        }
        else
        {
            PythonPictures.Open(content).ShouldBe(format == "Mono16" ? "I 64x48" : "RGB 64x48");
        }
    }

    [Fact]
    public async Task Run_OneFrameOfFive_StoresThoseAndRecordsAll()
    {
        await using GigECamera camera = await GigECamera.StartAsync();
        GenICamSettings settings = Settings(camera.Address);
        (settings.Storage.Frames, settings.Storage.Every) = (StoredFrames.Some, 5);
        await using RunningCamera driver = RunningCamera.Start(settings);
        await driver.UntilAsync(s => s.Records.Count >= 25);
        await driver.StopAsync();

        var records = driver.Sink.Records.ToArray();
        int stored = records.Count(r => r.Values["image"] is string);
        (stored + driver.Counters.Skipped).ShouldBeInRange(records.Length / 5, (records.Length / 5) + 1);
    }

    [Fact]
    public async Task Run_DiskFull_RecordsGoOnAndLossesAreCountedAndShown()
    {
        await using GigECamera camera = await GigECamera.StartAsync();
        await using RunningCamera driver = RunningCamera.Start(Settings(camera.Address));
        await driver.UntilAsync(s => s.Records.Any(r => r.Values["image"] is string));

        driver.Blobs.IsFull = true;
        await driver.UntilAsync(s => s.States[^1] is { State: DriverState.Degraded } state && state.Reason!.Contains("No space left", StringComparison.Ordinal));
        int before = driver.Sink.Records.Count;
        await driver.UntilAsync(s => s.Records.Count > before + 5 && driver.Counters.Failed > 3);
        driver.Sink.Records.Last().Values["image"].ShouldBeNull();

        driver.Blobs.IsFull = false;
        await driver.UntilAsync(s => s.Records.Last().Values["image"] is string && s.States[^1].State == DriverState.Connected);
    }

    [Fact]
    public async Task Run_SeveralCameras_EachHasItsFrames()
    {
        await using GigECamera camera = await GigECamera.StartAsync();
        await using RunningCamera network = RunningCamera.Start(Settings(camera.Address));
        GenICamSettings simulated = Settings("Fake_1");
        simulated.Features["Width"] = "80";
        await using RunningCamera inProcess = RunningCamera.Start(simulated, hasSimulation: true);

        await network.UntilAsync(s => s.Records.Count >= 5);
        await inProcess.UntilAsync(s => s.Records.Count >= 5);

        network.Sink.Records.ShouldAllBe(r => (long)r.Values["width"]! == 64);
        inProcess.Sink.Records.ShouldAllBe(r => (long)r.Values["width"]! == 80);
    }

    private static GenICamSettings Settings(string camera) => new() { Camera = camera, Features = { ["Width"] = "64", ["Height"] = "48" } };
}

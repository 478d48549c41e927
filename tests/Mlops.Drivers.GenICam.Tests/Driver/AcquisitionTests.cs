using System.Globalization;
using Mlops.Drivers.GenICam.Driver;
using Mlops.Drivers.GenICam.Encoding;
using Mlops.Drivers.GenICam.Tests.Peers;
using Mlops.Store;

namespace Mlops.Drivers.GenICam.Tests.Driver;

/// <summary>When frames are taken, and what comes with them.</summary>
public sealed class AcquisitionTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("FallingEdge")]
    public async Task Run_LineTrigger_TakesAFrameAtEachEdgeAndNoneWithout(string? edge)
    {
        await using HandMadeCamera camera = HandMadeCamera.Start();
        GenICamSettings settings = Settings(camera);
        settings.Trigger = new GenICamTriggerSettings { Source = "Line1" };
        settings.FrameTimeout = TimeSpan.FromMilliseconds(100);
        if (edge is not null)
            settings.Steps.Add($"TriggerActivation={edge}");
        await using RunningCamera driver = RunningCamera.Start(settings);
        await UntilTakingAsync(driver, camera);
        (camera[CameraRegisters.TriggerMode], camera[CameraRegisters.TriggerSource], camera[CameraRegisters.TriggerActivation]).ShouldBe((1U, 1U, edge is null ? 0U : 1U));
        await UntilLookedAtAsync(camera, times: 3);
        camera.Frames.ShouldBe(0);

        bool isHigh = edge is null;
        for (int i = 1; i <= 3; i++)
        {
            camera.SetLine1(!isHigh);
            camera.SetLine1(isHigh);
            await driver.UntilAsync(s => s.Records.Count == i);
        }

        camera.Frames.ShouldBe(3);
        driver.Sink.Records.Select(r => (long)r.Values["frame"]!).ShouldBe([1, 2, 3]);
        driver.Sink.States[^1].State.ShouldBe(DriverState.Connected, driver.States);
    }

    [Fact]
    public async Task Run_LineOfACameraThatNobodyTriggers_IsSetAndNothingComes()
    {
        await using GigECamera camera = await GigECamera.StartAsync();
        await using RunningCamera driver = RunningCamera.Start(new GenICamSettings { Camera = camera.Address, Trigger = new GenICamTriggerSettings { Source = "Line0" }, Storage = { Frames = StoredFrames.None } });
        await driver.UntilAsync(s => s.States is [.., { State: DriverState.Connected }]);

        (await ReadAsync(driver, "TriggerMode", "TriggerSource")).ShouldBe(["now On; one of Off, On", "now Line0; one of Line0, Software"]);
        driver.Sink.Records.ShouldBeEmpty();
        driver.Counters.Stream.ShouldBe(default);

        // Without the trigger the same camera sends at once.
        await driver.Writer.WriteAsync([new AssetValue("TriggerMode", "Off")], CancellationToken.None);
        await driver.UntilAsync(s => !s.Records.IsEmpty);
    }

    [Fact]
    public async Task Run_TriggerThatTheCameraDoesNotKeep_IsRefused()
    {
        await using HandMadeCamera camera = HandMadeCamera.Start();
        camera.Keeps = register => register != CameraRegisters.TriggerMode;
        GenICamSettings settings = Settings(camera);
        settings.Trigger = new GenICamTriggerSettings { Source = "Line2" };
        await using RunningCamera driver = RunningCamera.Start(settings);

        DriverConfigurationException error = await Eventually.Within(Should.ThrowAsync<DriverConfigurationException>(driver.Run));

        error.Message.ShouldContain("'TriggerMode' cannot be On. The camera took it without an error, yet it is Off now.");
    }

    [Fact]
    public async Task Run_PacketSize_IsThatOfThePackets()
    {
        await using HandMadeCamera camera = HandMadeCamera.Start();
        GenICamSettings settings = Settings(camera);
        settings.PacketSize = 1200;
        await using RunningCamera driver = RunningCamera.Start(settings);

        await driver.UntilAsync(s => s.Records.Count >= 3);

        (camera[CameraRegisters.PacketSize] & 0xffff).ShouldBe(1200U);
    }

    [Theory]
    [InlineData(70_000)]
    [InlineData(150_000)]
    public async Task Run_SocketBuffer_IsWhatTheSystemHasForTheStream(int bytes)
    {
        await using HandMadeCamera camera = HandMadeCamera.Start();
        GenICamSettings settings = Settings(camera);
        settings.SocketBuffer = bytes;
        await using RunningCamera driver = RunningCamera.Start(settings);

        await driver.UntilAsync(s => s.Records.Count >= 3);

        // Linux sets twice as much aside, for what it keeps of each packet besides (socket(7)), and at most twice net.core.rmem_max.
        int most = int.Parse(File.ReadAllText("/proc/sys/net/core/rmem_max"), CultureInfo.InvariantCulture);
        OwnSockets.ReceiveBufferOf((int)(camera[CameraRegisters.StreamPort] & 0xffff)).ShouldBe(2 * Math.Min(bytes, most));
    }

    [Fact]
    public async Task Run_SingleFrame_TakesOneAtTheStartAndOneForEachCommand()
    {
        await using HandMadeCamera camera = HandMadeCamera.Start();
        GenICamSettings settings = Settings(camera);
        settings.Features["AcquisitionMode"] = "SingleFrame";
        settings.FrameTimeout = TimeSpan.FromMilliseconds(100);
        await using RunningCamera driver = RunningCamera.Start(settings);

        for (int i = 1; i <= 3; i++)
        {
            await driver.UntilAsync(s => s.Records.Count == i);
            camera.Frames.ShouldBe(i);
            (await driver.Writer.WriteAsync([new AssetValue("AcquisitionStart", null)], CancellationToken.None))[0].Error.ShouldBeNull();
        }

        await driver.UntilAsync(s => s.Records.Count == 4);
        await UntilLookedAtAsync(camera, times: 3);
        camera.Frames.ShouldBe(4);
        driver.Sink.States.ShouldNotContain(s => s.State == DriverState.Degraded, driver.States);
    }

    [Theory]
    [InlineData(HandMadeFrame.PictureWithChunks)]
    [InlineData(HandMadeFrame.ChunksAlone)]
    public async Task Run_Chunks_AreThoseOfEachFrameAndNotInThePicture(int payloadType)
    {
        await using HandMadeCamera camera = HandMadeCamera.Start();
        camera.PayloadType = payloadType;
        GenICamSettings settings = Settings(camera);
        settings.Chunks.AddRange(["ExposureTime", "Gain", "LineStatusAll", "Lit"]);
        settings.Storage = new GenICamStorageSettings { Encoding = FrameEncoding.Raw };
        await using RunningCamera driver = RunningCamera.Start(settings);

        await driver.UntilAsync(s => s.Records.Count >= 10 && s.Records.Any(r => r.Values["image"] is string));

        foreach (var record in driver.Sink.Records)
        {
            var number = (long)record.Values["frame"]!;
            record.Values["exposure"].ShouldBe(HandMadeFrame.ExposureOf(number));
            record.Values["gain"].ShouldBe(HandMadeFrame.GainOf(number));
            record.Values["LineStatusAll"].ShouldBe((double)HandMadeFrame.LinesOf(number));
            record.Values["Lit"].ShouldBe(HandMadeFrame.IsLit(number) ? 1.0 : 0.0);
            record.Values["camera_time"].ShouldBe(number * 40_000_000);
            (record.Values["width"], record.Values["height"], record.Values["format"]).ShouldBe((64L, 48L, "Mono8"));
            if (record.Values["image"] is not string image)
                continue;
            BlobReference.TryParse(image, out BlobReference? reference).ShouldBeTrue();
            driver.Blobs.Contents[reference.Hash].Content.ShouldBe(HandMadeFrame.PixelsOf(number, 64, 48));
        }
    }

    [Fact]
    public async Task Run_OneChunkOfSeveral_LeavesTheOthersOut()
    {
        await using HandMadeCamera camera = HandMadeCamera.Start();
        GenICamSettings settings = Settings(camera);
        settings.Chunks.Add("LineStatusAll");
        await using RunningCamera driver = RunningCamera.Start(settings);

        await driver.UntilAsync(s => s.Records.Count >= 3);

        driver.Sink.Records.ShouldAllBe(r => (double)r.Values["LineStatusAll"]! == HandMadeFrame.LinesOf((long)r.Values["frame"]!));
        driver.Sink.Records.ShouldAllBe(r => (double)r.Values["exposure"]! == 5000 && (double)r.Values["gain"]! == 3, "read from the camera, since the frames do not say it");
    }

    private static GenICamSettings Settings(HandMadeCamera camera) => new() { Camera = camera.Address.ToString(), Storage = { Frames = StoredFrames.None } };

    private static async Task UntilTakingAsync(RunningCamera driver, HandMadeCamera camera)
    {
        await driver.UntilAsync(s => s.States is [.., { State: DriverState.Connected }]);
        camera[CameraRegisters.Acquisition].ShouldBe(1U);
    }

    // Once a second the driver looks whether something is wrong, and reads the exposure time.
    private static async Task UntilLookedAtAsync(HandMadeCamera camera, int times)
    {
        int before = camera.Reads(CameraRegisters.ExposureTime);
        await Eventually.True(() => camera.Reads(CameraRegisters.ExposureTime) >= before + times);
    }

    private static async Task<string[]> ReadAsync(RunningCamera driver, params string[] features)
    {
        IReadOnlyList<BrowseItem> items = await driver.Browser.BrowseAsync("AcquisitionControl", CancellationToken.None);
        return [.. features.Select(f => items.Single(i => i.Id == f).Description!)];
    }
}

using Mlops.Drivers.GenICam.Aravis;
using Mlops.Drivers.GenICam.Cameras;
using Mlops.Drivers.GenICam.Driver;
using Mlops.Drivers.GenICam.Tests.Peers;

namespace Mlops.Drivers.GenICam.Tests.Driver;

/// <summary>By what cameras are found.</summary>
public sealed class OpeningTests
{
    [Fact]
    public async Task Open_SerialNumberNameOrAddress_TakesThatCameraOfSeveral()
    {
        await using HandMadeCamera left = HandMadeCamera.Start("left");
        await using HandMadeCamera right = HandMadeCamera.Start($"right {Environment.ProcessId}");
        var provider = new AravisProvider(new GenICamOptions());

        foreach ((string name, HandMadeCamera meant, HandMadeCamera other) in ((string, HandMadeCamera, HandMadeCamera)[])
        [
            (right.Serial, right, left),
            ($"right {Environment.ProcessId}", right, left),
            (left.Serial, left, right),
            (left.Address.ToString(), left, right),
            ($"Mlops-{right.Serial}", right, left),

            // What it has led to is known now.
            (right.Serial, right, left),
        ])
        {
            using ICamera camera = Eventually.Opened(provider, name);

            (meant.IsTaken, other.IsTaken).ShouldBe((true, false), name);
            camera.Read("DeviceSerialNumber").ShouldBe(meant.Serial);
            camera.Info.ShouldBe(new CameraInfo(name) { Vendor = "Mlops", Model = "HandMade", SerialNumber = meant.Serial });
        }

        left.IsTaken.ShouldBeFalse();
        right.IsTaken.ShouldBeFalse();
    }

    [Fact]
    public async Task Open_SeveralAtTheSameMoment_EachHasItsFeaturesAndFrames()
    {
        HandMadeCamera[] cameras = [.. Enumerable.Range(0, 4).Select(_ => HandMadeCamera.Start())];
        var provider = new AravisProvider(new GenICamOptions());
        for (int round = 0; round < 5; round++)
        {
            using var together = new Barrier(cameras.Length);
            await Task.WhenAll(cameras.Select(made => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait();
                    using ICamera camera = Eventually.Opened(provider, made.Address.ToString());
                    camera.List("AcquisitionControl").Count.ShouldBe(10);
                    camera.List("ChunkDataControl").Select(f => f.Name).ShouldContain("ChunkLit");
                    together.SignalAndWait();
                    using IFrameSource frames = camera.Start(new StreamOptions { Buffers = 4, PacketSocket = false });
                    TakeWhole(frames).ShouldBe(64);
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        }

        foreach (HandMadeCamera camera in cameras)
            await camera.DisposeAsync();
    }

    [Theory]
    [InlineData("GV01")]
    [InlineData("above belt 3")]
    public async Task Run_CameraNamedBySerialNumberOrName_TakesItsFrames(string name)
    {
        await using GigECamera camera = await GigECamera.StartAsync();
        await camera.NameAsync("above belt 3");
        await using RunningCamera driver = RunningCamera.Start(new GenICamSettings { Camera = name, Features = { ["Width"] = "96" }, Storage = { Frames = StoredFrames.None } });

        await driver.UntilAsync(s => s.Records.Count >= 3);

        driver.Sink.Records.ShouldAllBe(r => (long)r.Values["width"]! == 96);
    }

    [Fact]
    public async Task Discover_ProviderThatCannotWork_DoesNotHideWhatOthersFind()
    {
        ICameraProvider broken = new BrokenProvider();
        using var instruments = new GenICamInstruments();
        GenICamDriverFactory Factory(params ICameraProvider[] providers) => new(providers, instruments, new NoServices(), TimeProvider.System);

        (await Factory(broken, new SceneProvider(1, TimeSpan.Zero)).DiscoverAsync(null, CancellationToken.None)).Select(a => a.Name).ShouldBe(["scene"]);
        (await Should.ThrowAsync<CameraException>(async () => await Factory(broken).DiscoverAsync(null, CancellationToken.None))).Message.ShouldContain("no driver");
    }

    // The first may be cut when the machine does something else meanwhile.
    private static int TakeWhole(IFrameSource frames)
    {
        for (int i = 0; i < 600; i++)
        {
            using CameraFrame? frame = frames.Take(TimeSpan.FromMilliseconds(100));
            if (frame is { IsComplete: true })
                return frame.Width;
        }

        throw new ShouldAssertException("No whole frame has come.");
    }

    private sealed class BrokenProvider : ICameraProvider
    {
        public string Name => "broken";

        public IReadOnlyList<CameraInfo> Discover() => throw new CameraException("The bus has no driver.");

        public ICamera Open(string camera) => throw new CameraException("The bus has no driver.");
    }
}

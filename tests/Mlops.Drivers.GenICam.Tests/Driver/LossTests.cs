using Mlops.Drivers.GenICam.Driver;
using Mlops.Drivers.GenICam.Encoding;
using Mlops.Drivers.GenICam.Tests.Peers;
using Mlops.Store;

namespace Mlops.Drivers.GenICam.Tests.Driver;

/// <summary>What gets lost on the way, at the buffers and before the disk is counted and named.</summary>
public sealed class LossTests
{
    [Fact]
    public async Task Run_LostPacketsThatAreSentAgain_MakeWholeFramesAndAreCounted()
    {
        await using HandMadeCamera camera = HandMadeCamera.Start();
        camera.Loses = static (_, packet) => packet is 5 or 6 or 20;
        GenICamSettings settings = Large(camera);
        settings.Storage = new GenICamStorageSettings { Encoding = FrameEncoding.Raw };
        await using RunningCamera driver = RunningCamera.Start(settings);

        await driver.UntilAsync(s => s.Records.Count >= 10);
        await driver.StopAsync();

        driver.Counters.Stream.ResentPackets.ShouldBeInRange(3 * driver.Sink.Records.Count, camera.SentAgain);
        foreach (var record in driver.Sink.Records.Where(r => r.Values["image"] is string))
        {
            BlobReference.TryParse((string)record.Values["image"]!, out BlobReference? reference).ShouldBeTrue();
            driver.Blobs.Contents[reference.Hash].Content.ShouldBe(HandMadeFrame.PixelsOf((long)record.Values["frame"]!, 256, 256));
        }
    }

    [Fact]
    public async Task Run_LostPacketsThatAreNotAskedFor_LeaveFramesOutAndSaySo()
    {
        await using HandMadeCamera camera = HandMadeCamera.Start();
        camera.Loses = static (frame, packet) => frame % 2 == 0 && packet is 5 or 6;
        GenICamSettings settings = Large(camera);
        settings.Resend = false;
        await using RunningCamera driver = RunningCamera.Start(settings);

        await driver.UntilAsync(s => s.Records.Count >= 5 && s.States.Any(state => state.State == DriverState.Degraded && state.Reason!.Contains("incomplete", StringComparison.Ordinal)));
        await driver.StopAsync();

        driver.Sink.Records.ShouldAllBe(r => (long)r.Values["frame"]! % 2 == 1);
        driver.Counters.Stream.MissingPackets.ShouldBeGreaterThan(0);
        driver.Counters.Stream.ResentPackets.ShouldBe(0);
        camera.SentAgain.ShouldBe(0);
        AllAreAccountedFor(driver);
    }

    [Fact]
    public async Task Run_FramesOfWhichNothingComes_AreCountedByTheCamerasNumbers()
    {
        await using HandMadeCamera camera = HandMadeCamera.Start();
        camera.Loses = static (frame, _) => frame % 5 == 0;
        await using RunningCamera driver = RunningCamera.Start(Small(camera));

        await driver.UntilAsync(s => s.Records.Count >= 20 && s.States.Any(state => state.State == DriverState.Degraded && state.Reason!.Contains("nothing comes", StringComparison.Ordinal)));
        await driver.StopAsync();

        long[] numbers = Numbers(driver);
        driver.Counters.Stream.Missed.ShouldBeGreaterThanOrEqualTo((numbers[^1] / 5) - (numbers[0] / 5));
        AllAreAccountedFor(driver);
    }

    [Fact]
    public async Task Run_StorageThatHangs_CountsFramesWithoutBufferGrowsNoPoolAndGoesOn()
    {
        await using HandMadeCamera camera = HandMadeCamera.Start();
        GenICamSettings settings = Small(camera);
        settings.Storage = new GenICamStorageSettings { Encoding = FrameEncoding.Raw };
        (settings.Buffers, settings.Recent) = (4, 0);
        WatchedProvider? watched = null;
        await using RunningCamera driver = RunningCamera.Start(settings, watch: aravis => watched = new WatchedProvider(aravis));
        await driver.UntilAsync(s => s.Records.Any(r => r.Values["image"] is string));

        var gate = new TaskCompletionSource();
        driver.Blobs.Delay = () => gate.Task;
        await driver.UntilAsync(s => s.States[^1] is { State: DriverState.Degraded } state && state.Reason!.Contains("no free buffer", StringComparison.Ordinal));
        int taken = camera.Frames;
        await Eventually.True(() => camera.Frames > taken + (3 * settings.Buffers));
        int before = driver.Sink.Records.Count;
        driver.Blobs.Delay = () => Task.CompletedTask;
        gate.SetResult();
        await driver.UntilAsync(s => s.Records.Count >= before + 10);
        await driver.StopAsync();

        driver.Counters.Stream.Starved.ShouldBeGreaterThanOrEqualTo(3 * settings.Buffers);
        watched!.Buffers.ShouldBeInRange(1, settings.Buffers);
        AllAreAccountedFor(driver);
    }

    [Fact]
    public async Task Run_StorageSlowerThanTheCamera_RecordsEachFrameAndNamesThePicturesLeftOut()
    {
        await using HandMadeCamera camera = HandMadeCamera.Start();
        GenICamSettings settings = Small(camera);
        settings.Storage = new GenICamStorageSettings { Encoding = FrameEncoding.Raw };
        settings.Buffers = 8;
        await using RunningCamera driver = RunningCamera.Start(settings);
        driver.Blobs.Delay = () => Task.Delay(250);

        await driver.UntilAsync(s => driver.Counters.Skipped >= 10 && s.States.Any(state => state.State == DriverState.Degraded && state.Reason!.Contains("storing is slower", StringComparison.Ordinal)));
        await driver.StopAsync();

        driver.Counters.Stored.ShouldBeGreaterThan(0);
        (driver.Counters.Stream.Completed - driver.Counters.Recorded).ShouldBeInRange(0, settings.AllBuffers, "what was under way when it stopped");
        driver.Sink.Records.Count(r => r.Values["image"] is null).ShouldBeGreaterThanOrEqualTo(10);
        AllAreAccountedFor(driver);
    }

    // Each number between the first record and the last has a record, or is counted.
    private static void AllAreAccountedFor(RunningCamera driver)
    {
        long[] numbers = Numbers(driver);
        numbers.ShouldBe([.. numbers.Distinct().Order()]);
        StreamCounts(driver).ShouldBeGreaterThanOrEqualTo(numbers[^1] - numbers[0] + 1 - numbers.Length);
    }

    private static long StreamCounts(RunningCamera driver) => driver.Counters.Stream.Incomplete + driver.Counters.Stream.Starved + driver.Counters.Stream.Missed;

    private static long[] Numbers(RunningCamera driver) => [.. driver.Sink.Records.Select(r => (long)r.Values["frame"]!)];

    private static GenICamSettings Small(HandMadeCamera camera) => new() { Camera = camera.Address.ToString(), Storage = { Frames = StoredFrames.None } };

    private static GenICamSettings Large(HandMadeCamera camera) => new() { Camera = camera.Address.ToString(), Features = { ["Width"] = "256", ["Height"] = "256" }, Storage = { Frames = StoredFrames.None } };
}

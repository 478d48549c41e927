using System.Diagnostics;
using Mlops.Drivers.GenICam.Cameras;
using Mlops.Drivers.GenICam.Driver;
using Mlops.Drivers.GenICam.Tests.Peers;
using Xunit.Abstractions;

namespace Mlops.Drivers.GenICam.Tests.Driver;

public sealed class RecoveryTests(ITestOutputHelper output)
{
    // As the camera is when nothing is set.
    private const long FrameBytes = 512 * 512;
    private static readonly bool IsSoak = Environment.GetEnvironmentVariable("MLOPS_SOAK") == "1";

    [Fact]
    public async Task Run_CameraKilledAndBackAgainAndAgain_TakesFramesEachTime()
    {
        await using GigECamera camera = await GigECamera.StartAsync();
        GenICamSettings settings = Settings(camera);
        await using RunningCamera driver = RunningCamera.Start(settings);
        await driver.UntilAsync(s => s.Records.Count >= 3);
        int rounds = IsSoak ? 20 : 3;
        int descriptors = 0;
        int threads = 0;
        long resident = 0;

        for (int i = 0; i < rounds; i++)
        {
            int faults = Faults(driver);
            await camera.KillAsync();
            await driver.UntilAsync(s => Faults(driver) > faults);
            await camera.StartAgainAsync();
            long back = Stopwatch.GetTimestamp();
            int before = driver.Sink.Records.Count;
            await driver.UntilAsync(s => s.Records.Count > before);
            TimeSpan took = Stopwatch.GetElapsedTime(back);
            output.WriteLine($"first frame {took.TotalMilliseconds:0} ms after the camera was back");
            if (IsSoak)
                took.ShouldBeLessThan(TimeSpan.FromSeconds(2));
            await driver.UntilAsync(s => s.States[^1].State == DriverState.Connected);
            if (i == 0)
                (descriptors, threads) = (Descriptors(), Threads());
            if (i == 4)
                resident = Resident();
        }

        driver.Sink.States.Where(s => s.State == DriverState.Faulted).ShouldAllBe(s => s.Reason!.Contains("'127.0.0.1'"));

        // Sockets and threads of each connection are gone with it.
        await Eventually.True(() => Descriptors() <= descriptors + 4 && Threads() <= threads + 6, () => $"{Descriptors()} open files after {descriptors}, {Threads()} threads after {threads}");

        // The buffers of each connection, too: those of the rounds that are compared would be four times as much.
        if (IsSoak)
            (Resident() - resident).ShouldBeLessThan(15 * settings.AllBuffers * FrameBytes / 4, $"{Resident() >> 20} MiB after {resident >> 20} MiB");
        await driver.StopAsync();
        StreamStatistics counted = driver.Counters.Stream;
        (counted.Completed - driver.Counters.Recorded).ShouldBeInRange(0, settings.AllBuffers * rounds, "frames that were under way when the camera went");
        driver.Counters.Recorded.ShouldBe(driver.Sink.Records.Count);
    }

    [Fact]
    public async Task Run_UnpluggedInTheMidstOfAFrame_SaysSoAndGoesOnWhenPluggedIn()
    {
        await using GigECamera camera = await GigECamera.StartAsync();
        GenICamSettings settings = Settings(camera);

        // So large that packets of a frame are under way at any time.
        settings.Features["Width"] = settings.Features["Height"] = "2048";
        await using RunningCamera driver = RunningCamera.Start(settings);
        await driver.UntilAsync(s => s.Records.Count >= 3);

        camera.Unplug();
        await driver.UntilAsync(s => s.States[^1] is { State: DriverState.Faulted or DriverState.Connecting });
        camera.PlugIn();

        int before = driver.Sink.Records.Count;
        await driver.UntilAsync(s => s.Records.Count > before + 3);
        driver.Sink.Records.ShouldAllBe(r => (long)r.Values["width"]! == 2048 && (long)r.Values["height"]! == 2048);
    }

    [Fact]
    public async Task Run_TwoPacketsOfAHundredLost_CountsAndLeavesIncompleteFramesOut()
    {
        await using GigECamera camera = await GigECamera.StartAsync(lostPerThousand: 20);
        GenICamSettings settings = Settings(camera);
        await using RunningCamera driver = RunningCamera.Start(settings);

        await driver.UntilAsync(s => s.Records.Count >= 20 && s.States.Any(state => state.State == DriverState.Degraded && state.Reason!.Contains("incomplete", StringComparison.Ordinal)));

        // What has a record is whole; what has none is counted: no number is missing without reason.
        await driver.StopAsync();
        long[] numbers = [.. driver.Sink.Records.Select(r => (long)r.Values["frame"]!)];
        numbers.ShouldBeUnique();
        driver.Counters.Stream.Incomplete.ShouldBeGreaterThan(0);
        driver.Counters.Stream.MissingPackets.ShouldBeGreaterThan(0);
        long span = numbers[^1] - numbers[0] + 1;
        (numbers.Length + driver.Counters.Stream.Incomplete + driver.Counters.Stream.Starved).ShouldBeGreaterThanOrEqualTo(span);
        driver.Counters.Recorded.ShouldBe(numbers.Length);
    }

    private static GenICamSettings Settings(GigECamera camera) => new() { Camera = camera.Address, Storage = { Frames = StoredFrames.None }, LongestRetry = TimeSpan.FromMilliseconds(500) };

    private static int Faults(RunningCamera driver) => driver.Sink.States.Count(s => s.State == DriverState.Faulted);

    private static int Descriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Environment.WorkingSet;
    }

    private static int Threads() => Directory.GetFileSystemEntries("/proc/self/task").Length;
}

using System.Diagnostics;
using Mlops.Drivers.GenICam.Aravis;
using Mlops.Drivers.GenICam.Cameras;
using Mlops.Drivers.GenICam.Driver;
using Mlops.Drivers.GenICam.Tests.Peers;
using Xunit.Abstractions;

namespace Mlops.Drivers.GenICam.Tests.Driver;

/// <summary>A camera that is not there, and keeps no other waiting.</summary>
public sealed class AbsentCameraTests(ITestOutputHelper output)
{
    private const string Nobody = "127.200.200.200";
    private static readonly bool IsSoak = Environment.GetEnvironmentVariable("MLOPS_SOAK") == "1";

    [Fact]
    public async Task Open_CameraThatIsNotThere_SaysSoWithoutATurnAtAravis()
    {
        var provider = new AravisProvider(new GenICamOptions());
        string serial;
        string address;
        await using (HandMadeCamera gone = HandMadeCamera.Start("under the belt"))
        {
            (serial, address) = (gone.Serial, gone.Address.ToString());
            foreach (string name in (string[])[serial, "under the belt"])
                Eventually.Opened(provider, name).Dispose();
        }

        using var isHeld = new ManualResetEventSlim();
        using var isEnough = new ManualResetEventSlim();
        Task holding = Task.Factory.StartNew(() => Hold(isHeld, isEnough), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        isHeld.Wait();
        try
        {
            foreach (string name in (string[])[Nobody, address, serial, "under the belt"])
            {
                var error = await Eventually.Within(Should.ThrowAsync<CameraException>(Task.Run(() => provider.Open(name).Dispose())));

                error.Message.ShouldStartWith($"Camera '{name}' was not found: it does not answer. ");
            }
        }
        finally
        {
            isEnough.Set();
            await holding;
        }
    }

    [Fact]
    public async Task Open_CameraThatHasAnotherAddressNow_IsFoundByItsName()
    {
        // 16 bytes at most.
        string name = $"moved {Environment.ProcessId}";
        var provider = new AravisProvider(new GenICamOptions());
        HandMadeCamera first = HandMadeCamera.Start(name);
        await using HandMadeCamera other = HandMadeCamera.Start();
        Eventually.Opened(provider, name).Dispose();
        await first.DisposeAsync();
        await using HandMadeCamera second = HandMadeCamera.Start(name);

        using ICamera camera = Eventually.Opened(provider, name);

        second.Address.ShouldNotBe(first.Address);
        (second.IsTaken, other.IsTaken).ShouldBe((true, false));
    }

    [Fact]
    public async Task Run_KilledBesideOneThatIsNotThere_TakesFramesAsSoonAsItIsBack()
    {
        await using GigECamera camera = await GigECamera.StartAsync();
        await using RunningCamera absent = RunningCamera.Start(Settings(Nobody));
        await using RunningCamera driver = RunningCamera.Start(Settings(camera.Address));
        await driver.UntilAsync(s => s.Records.Count >= 3);

        for (int i = 0; i < (IsSoak ? 10 : 1); i++)
        {
            int faults = Faults(driver);
            await camera.KillAsync();
            await driver.UntilAsync(s => Faults(driver) > faults);
            int tried = Faults(absent);
            await absent.UntilAsync(s => Faults(absent) > tried);
            await camera.StartAgainAsync();
            long back = Stopwatch.GetTimestamp();
            int before = driver.Sink.Records.Count;
            await driver.UntilAsync(s => s.Records.Count > before);
            TimeSpan took = Stopwatch.GetElapsedTime(back);
            output.WriteLine($"first frame {took.TotalMilliseconds:0} ms after the camera was back");
            if (IsSoak)
                took.ShouldBeLessThan(TimeSpan.FromSeconds(2));
            await driver.UntilAsync(s => s.States[^1].State == DriverState.Connected);
        }

        absent.Sink.States.Where(s => s.State == DriverState.Faulted).ShouldAllBe(s => s.Reason!.Contains($"'{Nobody}' was not found"));
    }

    private static void Hold(ManualResetEventSlim isHeld, ManualResetEventSlim isEnough)
    {
        lock (AravisGate.Process)
        {
            isHeld.Set();
            isEnough.Wait();
        }
    }

    private static GenICamSettings Settings(string camera) => new() { Camera = camera, Storage = { Frames = StoredFrames.None } };

    private static int Faults(RunningCamera driver) => driver.Sink.States.Count(s => s.State == DriverState.Faulted);
}

using System.Diagnostics;
using System.Reflection;
using Mlops.Drivers.GenICam.Aravis;
using Mlops.Drivers.GenICam.Driver;
using Mlops.Drivers.GenICam.Encoding;
using Mlops.Drivers.GenICam.Tests.Peers;

namespace Mlops.Drivers.GenICam.Tests.Aravis;

/// <summary>What the driver says where Aravis and TurboJPEG are not installed: a process that sees empty files in their place (in a mount namespace, as root or as the root of a user namespace).</summary>
internal static class WithoutLibraries
{
    public const string Verb = "without-libraries";

    public static Process Start()
    {
        // Loaded here, so that it shows where they are.
        (NativeLibraries.IsInstalled(NativeLibraries.Aravis) && NativeLibraries.IsInstalled(NativeLibraries.TurboJpeg)).ShouldBeTrue();
        string[] files = [.. File.ReadLines("/proc/self/maps").Select(l => l[Math.Max(0, l.IndexOf('/', StringComparison.Ordinal))..]).Where(p => p.Contains("/libaravis-0.8", StringComparison.Ordinal) || p.Contains("/libturbojpeg", StringComparison.Ordinal)).Distinct()];
        files.Length.ShouldBe(2);
        return Process.Start(new ProcessStartInfo("unshare",
        [
            "--mount", .. Environment.IsPrivilegedProcess ? Array.Empty<string>() : ["--map-root-user"],
            "sh", "-c", "mount --bind /dev/null \"$0\" && mount --bind /dev/null \"$1\" && exec dotnet exec \"$2\" \"$3\"", .. files, Assembly.GetExecutingAssembly().Location, Verb,
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    public static async Task RunAsync()
    {
        var settings = new GenICamSettings { Camera = "Fake_1", Storage = { Frames = StoredFrames.None } };
        await using (RunningCamera driver = RunningCamera.Start(settings, hasSimulation: true))
            Say("run", await Should.ThrowAsync<DriverConfigurationException>(driver.Run));
        using var instruments = new GenICamInstruments();
        var factory = new GenICamDriverFactory([new AravisProvider(new GenICamOptions { SimulatedCamera = true })], instruments, new NoServices(), TimeProvider.System);
        Say("discover", await Should.ThrowAsync<IOException>(async () => await factory.DiscoverAsync(null, CancellationToken.None)));
        settings.Storage = new GenICamStorageSettings { Encoding = FrameEncoding.Jpeg };
        Say("create", Should.Throw<DriverConfigurationException>(() => RunningCamera.Create(settings, hasBlobs: true)));
    }

    private static void Say(string what, Exception error) => Console.WriteLine($"{what}: {error.Message}");
}

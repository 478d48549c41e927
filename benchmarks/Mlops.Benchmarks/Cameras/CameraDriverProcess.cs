using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Benchmarks.Harness;
using Mlops.Benchmarks.OpcUa;
using Mlops.Drivers.GenICam;
using Mlops.Drivers.GenICam.Aravis;
using Mlops.Drivers.GenICam.Cameras;
using Mlops.Drivers.GenICam.Driver;

namespace Mlops.Benchmarks.Cameras;

/// <summary>Runs the driver and says what it has done in as many seconds as a line of the standard input tells.</summary>
internal static class CameraDriverProcess
{
    public static async Task RunAsync(string camera, int side, int rate, int packets)
    {
        using var instruments = new GenICamInstruments();
        await using ServiceProvider services = new ServiceCollection().BuildServiceProvider();
        var settings = new GenICamSettings
        {
            Camera = camera,
            Features = { ["Width"] = $"{side}", ["Height"] = $"{side}" },
            FrameRate = rate,
            PacketSize = packets,
            Storage = { Frames = StoredFrames.None },
        };
        var sink = new LatencySink();
        await using var driver = (GenICamDriver)new GenICamDriverFactory([new AravisProvider(new GenICamOptions())], instruments, services, TimeProvider.System).Create("bench", settings);
        using var stop = new CancellationTokenSource();
        Task run = driver.RunAsync(sink, stop.Token);
        await sink.First;
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            int seconds = int.Parse(line, CultureInfo.InvariantCulture);
            sink.Begin();
            StreamStatistics before = driver.Counters.Stream;
            long allocated = GC.GetTotalAllocatedBytes();
            await Task.Delay(TimeSpan.FromSeconds(seconds));
            allocated = GC.GetTotalAllocatedBytes() - allocated;
            StreamStatistics after = driver.Counters.Stream;
            double[] latencies = sink.End();
            Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, double>
            {
                ["frames"] = (double)latencies.Length / seconds,
                ["incomplete"] = after.Incomplete - before.Incomplete,
                ["starved"] = after.Starved - before.Starved,
                ["allocated a frame"] = (double)allocated / latencies.Length,
                ["latency p50"] = Spread.Percentile(latencies, 50),
                ["latency p99"] = Spread.Percentile(latencies, 99),
            }));
        }

        await stop.CancelAsync();
        await run.ContinueWith(static _ => { }, TaskScheduler.Default);
    }
}

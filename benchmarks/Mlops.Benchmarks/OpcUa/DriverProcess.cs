using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Benchmarks.Harness;
using Mlops.Drivers;
using Mlops.Drivers.OpcUa;
using Mlops.Drivers.OpcUa.Discovery;
using Mlops.Drivers.OpcUa.Driver;
using Mlops.Drivers.OpcUa.Security;

namespace Mlops.Benchmarks.OpcUa;

/// <summary>Runs the driver and says what it has done in as many seconds as a line of the standard input tells.</summary>
internal static class DriverProcess
{
    public static async Task RunAsync(string endpoint, int nodes, int interval, string policy)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mlops-bench-");
        using var certificates = new CertificateStore(new OpcUaOptions(), folder.FullName, TimeProvider.System);
        using var instruments = new OpcUaInstruments();
        long values = 0;
        using var listener = new MeterListener { InstrumentPublished = (i, l) => Enable(i, l, instruments) };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref values, count));
        listener.Start();
        var settings = new OpcUaSettings
        {
            Endpoint = endpoint,
            Nodes = [.. Enumerable.Range(0, nodes).Select(i => $"ns=1;s=N{i}")],
            Publishing = TimeSpan.FromMilliseconds(interval),
            Sampling = TimeSpan.FromMilliseconds(interval),
            Timeout = TimeSpan.FromSeconds(30),
            Security = policy == "None" ? null : new OpcUaSecuritySettings { Policy = policy, TrustServer = true, CheckHost = false },
        };
        var sink = new LatencySink();
        await using IHighLevelDriver driver = new OpcUaDriverFactory(new OpcUaServices(certificates, instruments, TimeProvider.System, NullLogger.Instance), new OpcUaDiscovery(TimeProvider.System)).Create("bench", settings);
        using var stop = new CancellationTokenSource();
        Task run = driver.RunAsync(sink, stop.Token);
        await sink.First;
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            sink.Begin();
            long count = Interlocked.Read(ref values);
            long allocated = GC.GetTotalAllocatedBytes();
            await Task.Delay(TimeSpan.FromSeconds(int.Parse(line, CultureInfo.InvariantCulture)));
            count = Interlocked.Read(ref values) - count;
            allocated = GC.GetTotalAllocatedBytes() - allocated;
            double[] latencies = sink.End();
            Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, double>
            {
                ["count"] = count,
                ["allocated a value"] = (double)allocated / count,
                ["latency p50"] = Spread.Percentile(latencies, 50),
                ["latency p99"] = Spread.Percentile(latencies, 99),
            }));
        }

        await stop.CancelAsync();
        await run.ContinueWith(static _ => { }, TaskScheduler.Default);
        folder.Delete(recursive: true);
    }

    private static void Enable(Instrument instrument, MeterListener listener, OpcUaInstruments instruments)
    {
        if (ReferenceEquals(instrument, instruments.Values))
            listener.EnableMeasurementEvents(instrument);
    }
}

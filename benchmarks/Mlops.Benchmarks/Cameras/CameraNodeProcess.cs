using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mlops.Benchmarks.Harness;
using Mlops.Drivers;
using Mlops.Drivers.GenICam;
using Mlops.Prediction;
using Mlops.Store;
using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Benchmarks.Cameras;

/// <summary>A whole node that judges the frames of a camera, and says how long that took.</summary>
internal static class CameraNodeProcess
{
    private const string Asset = "bench";
    private const string Feed = "genicam.bench.frames";

    public static async Task RunAsync(string camera, int side, int rate, int packets)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mlops-bench-");
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("Mlops:DataFolder", folder.FullName), new("Mlops:Node:Name", "bench")]);
        builder.Services.AddLogging();
        builder.Services.AddMlops(builder.Configuration.GetSection("Mlops")).AddPython().AddGenICam();
        using IHost host = builder.Build();
        await host.StartAsync();
        T Get<T>()
            where T : notnull => host.Services.GetRequiredService<T>();
        Task PutAsync(string frames, double frameRate) => Get<IAssetCatalog>().PutAsync(Asset, new AssetChange("genicam", JsonNode.Parse(
            $$"""{ "camera": "{{camera}}", "features": { "Width": {{side}}, "Height": {{side}} }, "packetSize": {{packets}}, "frameRate": {{frameRate.ToString(CultureInfo.InvariantCulture)}}, "storage": { "frames": "{{frames}}", "encoding": "raw" } }""")!.AsObject()));

        await PutAsync("all", 5);
        while (!Get<IFeedStore>().List().Any(f => f.Schema.Feed == Feed && f.Records >= 8))
            await Task.Delay(50);
        await Get<IAssetCatalog>().RemoveAsync(Asset);
        await Get<IWorkflowCatalog>().InstallAsync(Path.Combine(AppContext.BaseDirectory, "workflows", "mean-grey"), trusted: true);
        TrainingInfo training = await Get<ITrainings>().StartAsync(new TrainingRequest { Workflow = "mean-grey", Feed = Feed, Filter = "image LIKE 'sha256:%'" });
        training = await Get<ITrainings>().WaitAsync(training.Id);
        DeploymentInfo deployment = await Get<IDeployments>().StartAsync(new DeploymentRequest
        {
            Workflow = "mean-grey",
            Model = training.Model ?? throw new InvalidOperationException(training.Reason),
            Feed = Feed,
        });
        await PutAsync("none", rate);
        await MeasureAsync(Get<IPredictions>(), deployment.Id);
        await host.StopAsync();
        folder.Delete(recursive: true);
    }

    private static async Task MeasureAsync(IPredictions predictions, string deployment)
    {
        var counted = new Dictionary<string, double> { [GenICamInstruments.Incomplete] = 0, [GenICamInstruments.Starved] = 0 };
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == GenICamInstruments.MeterName && counted.ContainsKey(instrument.Name))
                    l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => counted[instrument.Name] = value);
        listener.Start();
        var latencies = new List<double>();
        using var stop = new CancellationTokenSource();
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task listening = Task.Run(async () =>
        {
            await foreach (PredictionResult answer in predictions.SubscribeAsync(deployment, stop.Token))
            {
                lock (latencies)
                    latencies.Add((DateTimeOffset.UtcNow - answer.Source.Ts).TotalMilliseconds);
                first.TrySetResult();
            }
        });
        await first.Task;
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            int seconds = int.Parse(line, CultureInfo.InvariantCulture);
            lock (latencies)
                latencies.Clear();
            listener.RecordObservableInstruments();
            var before = new Dictionary<string, double>(counted);
            long allocated = GC.GetTotalAllocatedBytes();
            await Task.Delay(TimeSpan.FromSeconds(seconds));
            allocated = GC.GetTotalAllocatedBytes() - allocated;
            listener.RecordObservableInstruments();
            double[] sorted;
            lock (latencies)
                sorted = [.. latencies.Order()];
            Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, double>
            {
                ["frames"] = (double)sorted.Length / seconds,
                ["incomplete"] = counted[GenICamInstruments.Incomplete] - before[GenICamInstruments.Incomplete],
                ["starved"] = counted[GenICamInstruments.Starved] - before[GenICamInstruments.Starved],
                ["allocated a frame"] = (double)allocated / sorted.Length,
                ["latency p50"] = Spread.Percentile(sorted, 50),
                ["latency p99"] = Spread.Percentile(sorted, 99),
            }));
        }

        await stop.CancelAsync();
        await listening.ContinueWith(static _ => { }, TaskScheduler.Default);
    }
}

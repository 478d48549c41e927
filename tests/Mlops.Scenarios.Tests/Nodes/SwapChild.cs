using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Data;
using Mlops.Ingest;
using Mlops.Prediction;
using Mlops.Store;
using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Scenarios.Tests.Nodes;

/// <summary>
/// The process of a node that swaps a deployment between models of two versions of a package, in process and under load. Says "swapped N with N MiB"
/// after each swap, and at last "records N answered N repeated N wrong N".
/// </summary>
internal static class SwapChild
{
    public const string Verb = "swaps";

    private const string Feed = "press";

    /// <param name="dataFolder">The data folder.</param>
    /// <param name="first">The folder of version 1.0.0, whose answers hold "one".</param>
    /// <param name="second">The folder of version 2.0.0, whose answers hold "two".</param>
    /// <param name="swaps">How many swaps.</param>
    /// <param name="recordsPerSwap">How many records are written between two swaps, at least.</param>
    public static async Task RunAsync(string dataFolder, string first, string second, int swaps, int recordsPerSwap)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("Mlops:DataFolder", dataFolder), new("Mlops:Node:Name", "node"), new("Mlops:Mqtt:Port", "0")]);
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Error);
        builder.Services.AddMlops(builder.Configuration.GetSection("Mlops")).AddPython();
        using IHost host = builder.Build();
        await host.StartAsync();
        IFeedWriter feeds = host.Services.GetRequiredService<IFeedWriter>();
        IDeployments deployments = host.Services.GetRequiredService<IDeployments>();
        await WriteAsync(feeds, 0, 10);
        string[] models = [await TrainAsync(host.Services, first), await TrainAsync(host.Services, second)];
        DeploymentInfo deployment = await deployments.StartAsync(new DeploymentRequest { Workflow = "swapped", Model = models[0], Feed = Feed });
        if (deployment.Mode != "in-process")
            throw new InvalidOperationException($"The deployment runs {deployment.Mode}.");

        long written = 0;
        for (int swap = 1; swap <= swaps; swap++)
        {
            Task<DeploymentInfo> swapping = deployments.SwapAsync(deployment.Id, models[swap % 2]);
            for (int i = 0; i < recordsPerSwap || !swapping.IsCompleted; i += 100)
            {
                await WriteAsync(feeds, 10 + written, 100);
                written += 100;
            }

            await swapping;

            // Load, not overload: what waits to be answered would be the memory that is measured.
            while (deployments.Find(deployment.Id)!.Answered < written - 20_000)
                await Task.Delay(5);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"swapped {swap} with {Environment.WorkingSet / 1048576.0:0.0} MiB"));
        }

        while (deployments.Find(deployment.Id)!.Answered < written)
            await Task.Delay(20);
        await deployments.StopAsync(deployment.Id);
        await CheckAsync(host.Services.GetRequiredService<IFeedReader>(), deployment.PredictionFeed, written, models);
        await host.StopAsync();
    }

    private static async Task CheckAsync(IFeedReader feeds, string predictions, long written, string[] models)
    {
        var times = new Dictionary<long, int>();
        long wrong = 0;
        await foreach (RecordBatch batch in feeds.ReadAsync(new FeedQuery { Feed = predictions }))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Count; row++)
                {
                    long source = batch.Column("source_row").Values<long>()[row];
                    times[source] = times.GetValueOrDefault(source) + 1;
                    string who = (string?)batch.Column("model").GetValue(row) == models[0] ? "one deep-one one" : "two deep-two two";
                    if ((string?)batch.Column("who").GetValue(row) != who)
                        wrong++;
                }
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"records {written} answered {times.Count} repeated {times.Count(t => t.Value > 1)} wrong {wrong}"));
    }

    private static async Task<string> TrainAsync(IServiceProvider services, string folder)
    {
        WorkflowPackage package = await services.GetRequiredService<IWorkflowCatalog>().InstallAsync(folder, trusted: true);
        ITrainings trainings = services.GetRequiredService<ITrainings>();
        TrainingInfo training = await trainings.StartAsync(new TrainingRequest { Workflow = package.Manifest.Name, Version = package.Manifest.Version, Feed = Feed });
        training = await trainings.WaitAsync(training.Id);
        return training.Model ?? throw new InvalidOperationException($"The training gave no model: {training.Reason}");
    }

    private static ValueTask WriteAsync(IFeedWriter feeds, long from, int count) => feeds.WriteAsync(Feed, [.. Enumerable.Range(0, count).Select(
        i => new FeedRecord(DateTimeOffset.UnixEpoch.AddMilliseconds(1_700_000_000_000 + from + i), new Dictionary<string, object?> { ["x"] = (double)(from + i) }))]);
}

using System.Diagnostics;
using Mlops.Client;
using Mlops.Data;
using Mlops.Testing.Assets;

namespace Mlops.Web.Browser.Tests;

#pragma warning disable CA1001 // The runner of tests calls DisposeAsync.
/// <summary>A node that has learned: an inspection machine's data with labels, trainings, models, a deployment with a shadow, a trigger.</summary>
public sealed class LearningPlant : IAsyncLifetime
#pragma warning restore CA1001
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private VirtualPcbAsset? _asset;

    internal PlantNode Node { get; private set; } = null!;

    /// <summary>Gets what stands for ids in paths: <c>{training}</c>, <c>{model}</c>, …</summary>
    internal Dictionary<string, string> Ids { get; } = [];

    public async Task InitializeAsync()
    {
        var options = new VirtualPcbAssetOptions { Seed = 7, LabelDelayInRecords = 5, ClientId = "inspection" };
        string feed = Ids["feed"] = FeedId.From(new FeedOrigin(options.App, options.Connection, options.Collection));
        Node = await PlantNode.StartAsync(
            ("Mlops:Labels:0:From", FeedId.From(new FeedOrigin(options.App, options.Connection, options.LabelCollection))),
            ("Mlops:Labels:0:Feed", feed),
            ("Mlops:Labels:0:Set", "quality"),
            ("Mlops:Prediction:DriftWindow", "200"),
            ("Mlops:Prediction:DriftEnd", "0.2"));
        MlopsClient client = Node.Client;
        options.Port = (await client.Node.GetStatusAsync()).Mqtt!.Port;
        _asset = new VirtualPcbAsset(options);
        await _asset.ConnectAsync();
        await _asset.PublishAsync(900);
        await _asset.PublishPendingLabelsAsync();
        await UntilAsync(async () => (await client.Feeds.ListAsync(feed)).Any(f => f.Records == 900) && (await client.Feeds.ListLabelsAsync(feed, "quality")).Count == 900);

        // Ten trees of few records do not learn the cases in which solder only looks wrong; which records they see depends on positions, and those on timing.
        string[] clear = [.. Package.Text("pcb-quality", "golden.csv").Split('\n').Take(5)];
        await client.Workflows.UploadAsync(new MemoryStream(Package.Sample("pcb-quality", ("golden.csv", string.Join('\n', clear) + "\n"))));
        Ids["training"] = await TrainAsync(feed, 40, "succeeded");
        Ids["other"] = await TrainAsync(feed, 10, "succeeded");
        Ids["failed"] = (await client.Trainings.WaitAsync((await client.Trainings.StartAsync(new TrainingStart("pcb-quality", Feed: feed, Filter: "volume_percent > 1000000000"))).Id)).Id;
        Ids["model"] = (await client.Trainings.GetAsync(Ids["training"])).Model!;
        string beside = (await client.Trainings.GetAsync(Ids["other"])).Model!;
        await client.Models.WaitBacktestAsync((await client.Models.StartBacktestAsync(new BacktestStart(Ids["model"], HeldOut: true, Importance: true))).Id);

        DeploymentStatus deployment = await client.Deployments.StartAsync(new DeploymentStart("pcb-quality", Ids["model"], feed));
        Ids["deployment"] = deployment.Id;
        await client.Deployments.StartShadowAsync(deployment.Id, beside);
        options.RecordsPerSecond = 100;
        await _asset.PublishAsync(300);
        await _asset.PublishPendingLabelsAsync();
        await UntilAsync(async () => await client.Deployments.GetAsync(deployment.Id) is { Answered: >= 300 } now && now.Quality.Any(q => q.Total.Count >= 200));
        await client.Retraining.AddTriggerAsync(new TriggerBody(
            "paste quality, nightly", Deployment: deployment.Id, Schedule: new TriggerTimes("0 3 * * *", "Europe/Vienna"), NewLabels: 5000, Release: new ReleaseRule("canary", Backtest: TimeSpan.FromDays(1))));
    }

    public async Task DisposeAsync()
    {
        if (_asset is not null)
            await _asset.DisposeAsync();
        await Node.DisposeAsync();
    }

    /// <summary>Fills ids into a path.</summary>
    internal string Path(string template) => Ids.Aggregate(template, (path, id) => path.Replace($"{{{id.Key}}}", Uri.EscapeDataString(id.Value), StringComparison.Ordinal));

    private async Task<string> TrainAsync(string feed, int trees, string state)
    {
        TrainingStatus training = await Node.Client.Trainings.WaitAsync((await Node.Client.Trainings.StartAsync(
            new TrainingStart("pcb-quality", Feed: feed, Params: new() { ["trees"] = trees }, HoldOut: new HoldOutRule("random", 0.2)))).Id);
        training.State.ShouldBe(state, training.Reason);
        return training.Id;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            waited.Elapsed.ShouldBeLessThan(Patience, "What was waited for did not happen.");
            await Task.Delay(50);
        }
    }
}

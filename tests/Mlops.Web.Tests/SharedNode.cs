using System.Text.Json.Nodes;
using Mlops.Client;

namespace Mlops.Web.Tests;

/// <summary>One node with a feed, a workflow, a model and a deployment, for all tests that change nothing of these.</summary>
public sealed class SharedNode : IAsyncLifetime
{
    public const string Feed = "press";

    internal WebNode Node { get; private set; } = null!;

    internal MlopsClient Client => Node.Typed;

    internal string Model { get; private set; } = "";

    internal string Training { get; private set; } = "";

    internal string Deployment { get; private set; } = "";

    public async Task InitializeAsync()
    {
        Node = await WebNode.StartAsync();
        await Client.Feeds.WriteAsync(Feed, Records(1, 2, 3));
        await Client.Workflows.UploadAsync(DoublingPackage.Zip());
        TrainingStatus training = await Client.Trainings.WaitAsync((await Client.Trainings.StartAsync(new TrainingStart("double", Feed: Feed))).Id);
        training.State.ShouldBe("succeeded", training.Reason);
        (Training, Model) = (training.Id, training.Model!);
        Deployment = (await Client.Deployments.StartAsync(new DeploymentStart("double", Model, Feed))).Id;
    }

    public async Task DisposeAsync() => await Node.DisposeAsync();

    internal static RecordsBody Records(params double[] values) => new([.. values.Select((v, i) => new JsonObject
    {
        ["timestamp"] = DateTimeOffset.UnixEpoch.AddSeconds(i).ToString("O"),
        ["x"] = v,
    })]);
}

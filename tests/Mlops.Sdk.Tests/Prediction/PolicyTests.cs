using Mlops.Data;
using Mlops.Ingest;
using Mlops.Prediction;
using Mlops.Store;
using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Tests.Prediction;

/// <summary>What a deployment does about missing values and about data that does not fit, through a whole node.</summary>
public sealed class PolicyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-policy").FullName;

    [Theory]
    [InlineData(MissingValues.Last, 2.0, 2.0, 2.0, 6.0)]
    [InlineData(MissingValues.Null, null, 2.0, null, 6.0)]
    [InlineData(MissingValues.Default, 20.0, 2.0, 20.0, 6.0)]
    public async Task Fill_MissingValues_BecomeWhatTheDeploymentSays(MissingValues fill, double? first, double? second, double? third, double? fourth)
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await node.WriteAsync(1);
        string id = (await node.DeployAsync(await node.TrainAsync(_folder), r => r with { Fill = fill })).Id;

        await WriteAsync(node, id, null, 1, null, 3);

        (await node.AnswersAsync(id)).Select(a => (double?)a.Values["twice"]).ShouldBe([first, second, third, fourth]);
    }

    [Fact]
    public async Task Fill_Skip_LeavesIncompleteRecordsUnanswered()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await node.WriteAsync(1);
        string id = (await node.DeployAsync(await node.TrainAsync(_folder), r => r with { Fill = MissingValues.Skip })).Id;

        await WriteAsync(node, id, null, 1, null, 3);

        (await node.AnswersAsync(id)).Select(a => a.Values["twice"]).ShouldBe([2.0, 6.0]);
    }

    [Fact]
    public async Task Fill_DefaultThatIsNotDeclared_IsRefusedWhenBinding()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await node.WriteAsync(1);
        string package = Directory.CreateDirectory(Path.Combine(_folder, "bare")).FullName;
        await File.WriteAllTextAsync(Path.Combine(package, "workflow.yaml"), "name: bare\nversion: 1.0.0\nruntime: stand-in\ninputs: [{name: x, type: number}]\noutput: {fields: [{name: twice, type: number}]}\n");
        await node.Get<IWorkflowCatalog>().InstallAsync(package, trusted: true);
        string model = await node.TrainAsync(new TrainingRequest { Workflow = "bare", Feed = PredictionNode.Feed });

        string message = (await Should.ThrowAsync<WorkflowException>(() => node.DeployAsync(model, r => r with { Fill = MissingValues.Default }))).Message;

        message.ShouldContain("workflow 'bare' 1.0.0 declares none of their type for its inputs 'x' (Float64)");
        (await node.DeployAsync(model)).State.ShouldBe(DeploymentState.Running);
    }

    [Fact]
    public async Task Bind_FeedThatDoesNotFit_IsRefusedByTrainingAndDeploymentBeforeAnythingRuns()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await node.WriteAsync(1);
        string model = await node.TrainAsync(_folder);
        await DeclareAsync(node, "texts", new FeedField("x", FieldType.Text));
        await DeclareAsync(node, "degrees", new FeedField("x", FieldType.Float64) { Unit = "°C" });
        await DeclareAsync(node, "inches", new FeedField("x", FieldType.Float64) { Unit = "in" });
        await DeclareAsync(node, "others", new FeedField("y", FieldType.Float64));

        foreach ((string feed, string trained, string deployed) in ((string, string, string)[])
        [
            ("texts", "Input 'x' is number, but field 'x' of feed 'texts' is Text", "Its input 'x' wants Float64, but field 'x' of feed 'texts' is Text"),
            ("degrees", "Input 'x' is in mm, but field 'x' of feed 'degrees' is in °C", "Its input 'x' wants Float64 in mm, but field 'x' of feed 'degrees' is Float64 in °C"),
            ("others", "Input 'x': feed 'others' has no field 'x'", "Its input 'x' is bound to 'x', which feed 'others' does not have"),
        ])
        {
            (await Should.ThrowAsync<WorkflowException>(() => node.Get<ITrainings>().StartAsync(new TrainingRequest { Workflow = "double", Feed = feed }))).Message.ShouldContain(trained);
            (await Should.ThrowAsync<WorkflowException>(() => node.DeployAsync(model, r => r with { Feed = feed }))).Message.ShouldContain(deployed);
        }

        DeploymentInfo inches = await node.DeployAsync(model, r => r with { Feed = "inches" });
        await node.Get<IFeedWriter>().WriteAsync("inches", [new FeedRecord(DateTimeOffset.UnixEpoch, new Dictionary<string, object?> { ["x"] = 1.0 })]);
        await node.WaitAsync(inches.Id, node.Get<IFeedReader>().List().Single(f => f.Schema.Feed == "inches").LastPosition);
        ((double)(await node.AnswersAsync(inches.Id)).Single().Values["twice"]!).ShouldBe(50.8, 1e-9);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task WriteAsync(PredictionNode node, string deployment, params double?[] values)
    {
        await node.Get<IFeedWriter>().WriteAsync(PredictionNode.Feed, [.. values.Select((v, i) => new FeedRecord(DateTimeOffset.UnixEpoch.AddSeconds(i), new Dictionary<string, object?> { ["x"] = v, ["y"] = 1.0 }))]);
        await node.WaitAsync(deployment, node.Get<IFeedReader>().List().Single(f => f.Schema.Feed == PredictionNode.Feed).LastPosition);
    }

    private static async Task DeclareAsync(PredictionNode node, string feed, FeedField field) =>
        await node.Get<IFeedStore>().DeclareAsync(new FeedDeclaration(null, feed, [field]));
}

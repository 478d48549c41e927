using System.Runtime.CompilerServices;
using Mlops.Drivers.GenICam.Tests.Peers;
using Mlops.Prediction;
using Mlops.Store;
using Mlops.Testing.Surfaces;
using Mlops.Training;
using Mlops.Workflows;
using Xunit.Abstractions;

namespace Mlops.Drivers.GenICam.Tests.Pictures;

/// <summary>The sample workflow from camera to camera: frames are stored, labelled, learned from, and judged live, without being stored.</summary>
public sealed class SurfaceInspectionTests(ITestOutputHelper output)
{
    private const int Frames = 160;
    private const int Judged = 80;

    [Fact]
    public async Task Workflow_SceneLabelledAndTrained_JudgesLiveFramesThatAreNotStored()
    {
        var scene = new SceneProvider(seed: 11, TimeSpan.FromMilliseconds(40));
        await using CameraNode node = await CameraNode.StartAsync(provider: scene);

        // Stored, and labelled by an inspector who sees the truth.
        await node.PutAsync("""{ "camera": "scene", "storage": { "frames": "all", "encoding": "png" } }""");
        List<Dictionary<string, object?>> stored = await node.UntilAsync(CameraNode.Frames, rows => rows.Count(CameraNode.IsStored) >= Frames);
        await node.Get<IAssetCatalog>().RemoveAsync(CameraNode.Asset);
        await node.Get<ILabels>().AddAsync(CameraNode.Frames, [.. stored.Where(CameraNode.IsStored).Select(r => new Label { Set = "defect", Value = scene.Truth[(long)r["frame"]!].Label, Position = (long)r["@position"]! })]);

        // Learned.
        await node.Get<IWorkflowCatalog>().InstallAsync(Sample, trusted: true);
        TrainingInfo training = await node.Get<ITrainings>().StartAsync(new TrainingRequest { Workflow = "surface-inspection", Feed = CameraNode.Frames, Labels = "defect" });
        training = await Eventually.Within(node.Get<ITrainings>().WaitAsync(training.Id));
        training.State.ShouldBe(TrainingState.Succeeded, training.Reason);

        // Judged, from memory: nothing of these frames is stored.
        DeploymentInfo deployment = await node.Get<IDeployments>().StartAsync(new DeploymentRequest { Workflow = "surface-inspection", Model = training.Model!, Feed = CameraNode.Frames });
        await node.PutAsync("""{ "camera": "scene", "storage": { "frames": "none" }, "recent": 1000 }""");
        IReadOnlyList<PredictionResult> answers = [];
        await Eventually.True(() => (answers = node.Get<IPredictions>().ListAsync(deployment.Id, 10_000).GetAwaiter().GetResult()).Count >= Judged, () => $"{answers.Count} answers");

        Dictionary<long, long> frames = (await node.RowsAsync(CameraNode.Frames)).ToDictionary(r => (long)r["@position"]!, r => (long)r["frame"]!);
        (SurfacePicture Truth, IReadOnlyDictionary<string, object?> Values)[] judged = [.. answers.Select(a => (scene.Truth[frames[a.Source.Row]], a.Values))];
        judged.ShouldAllBe(j => !j.Values.ContainsKey("error"));
        double right = judged.Average(j => Equals(j.Values["label"], j.Truth.Name) ? 1.0 : 0);
        double boxes = judged.Where(j => j.Truth.Defect != SurfaceDefect.None && j.Values["x"] is long).Average(j => j.Truth.Box.Agreement(BoxOf(j.Values)));
        output.WriteLine($"{judged.Length} frames: {right:P1} right, boxes agree by {boxes:0.000}");

        // What the sample's README promises.
        right.ShouldBeGreaterThanOrEqualTo(0.95);
        boxes.ShouldBeGreaterThanOrEqualTo(0.75);
        (await node.RowsAsync(CameraNode.Frames)).Where(r => (long)r["@position"]! >= answers.Min(a => a.Source.Row)).ShouldAllBe(r => !CameraNode.IsStored(r));
    }

    private static string Sample => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "samples", "workflows", "surface-inspection"));

    private static SurfaceBox BoxOf(IReadOnlyDictionary<string, object?> values) =>
        new((int)(long)values["x"]!, (int)(long)values["y"]!, (int)(long)values["width"]!, (int)(long)values["height"]!);

    private static string Here([CallerFilePath] string path = "") => path;
}

using Mlops.Drivers.GenICam.Tests.Peers;
using Mlops.Prediction;
using Mlops.Store;

namespace Mlops.Drivers.GenICam.Tests.Pictures;

/// <summary>Frames that are stored when a prediction asks for them, in a whole node whose disk waits.</summary>
public sealed class AskedFramesTests : IDisposable
{
    private const int AllBuffers = 8 + 100 + 16;

    private const string Code = """
        def train(data, params, run):
            return None


        def predict(model, batch):
            return ["keep"] * batch.rows
        """;

    private const string Manifest = "name: keeping\nversion: 1.0.0\ndescription: Wants each frame stored.\nruntime: python\ninputs: [{name: image, type: image}]\noutput: {classes: [keep, drop]}\n";
    private readonly LivePackage _package = new(Manifest, Code);

    [Fact]
    public async Task Asked_DiskThatWaits_PredictionsGoOnAndEachFrameAskedForIsStoredOrCounted()
    {
        var blobs = new MemoryBlobs();
        var scene = new SceneProvider(seed: 9, TimeSpan.FromMilliseconds(20));
        await using CameraNode node = await CameraNode.StartAsync(provider: scene, blobs: blobs);
        DeploymentInfo deployment = await _package.DeployAsync(node);
        var hang = new TaskCompletionSource();
        blobs.Delay = () => hang.Task;

        // The disk hangs for longer than there are buffers: were they kept for it, no frame would come any more.
        await node.PutAsync($$"""
            { "camera": "scene", "buffers": 8, "recent": 100,
              "storage": { "frames": "asked", "encoding": "raw", "asked": { "predictions": "{{deployment.PredictionFeed}}", "classes": ["keep"], "wait": 16 } } }
            """);
        using var figures = new CameraFigures(node);
        await UntilAsync(() => Keeping(node, deployment) >= 2 * AllBuffers && figures.Read()["mlops.genicam.frames.skipped"] > 0, node, figures);
        figures.Read()["mlops.genicam.frames.stored"].ShouldBe(0);

        // It is slow for a while, then no frame comes any more.
        blobs.Delay = () => Task.Delay(100);
        hang.SetResult();
        await UntilAsync(() => figures.Read()["mlops.genicam.frames.stored"] >= 10, node, figures);
        scene.IsPaused = true;

        await UntilAsync(() => Sum(figures.Read()) == Keeping(node, deployment) && node.Get<IDeployments>().Find(deployment.Id)!.Position >= LastFrame(node), node, figures);
        List<Dictionary<string, object?>> kept = await node.UntilAsync(CameraNode.Kept, rows => rows.Count == figures.Read()["mlops.genicam.frames.stored"]);
        kept.ShouldAllBe(r => CameraNode.IsStored(r));
        kept.Select(r => r["frame"]).ShouldBeUnique();
    }

    public void Dispose() => _package.Dispose();

    private static long Sum(Dictionary<string, long> figures) => new[] { "stored", "skipped", "late", "failed" }.Sum(name => figures[$"mlops.genicam.frames.{name}"]);

    private static long LastFrame(CameraNode node) => node.Get<IFeedStore>().List().Single(f => f.Schema.Feed == CameraNode.Frames).LastPosition;

    private static int Keeping(CameraNode node, DeploymentInfo deployment) =>
        node.Get<IPredictions>().ListAsync(deployment.Id, 100_000).GetAwaiter().GetResult().Count(a => Equals(a.Values.GetValueOrDefault("label"), "keep"));

    private static Task UntilAsync(Func<bool> condition, CameraNode node, CameraFigures figures) =>
        Eventually.True(condition, () => $"{string.Join(", ", figures.Read())} {node.Get<IAssets>().Find(CameraNode.Asset)?.Reason}");
}

using Mlops.Drivers.GenICam.Tests.Peers;
using Mlops.Prediction;

namespace Mlops.Drivers.GenICam.Tests.Pictures;

/// <summary>A model that takes longer than frames stay in memory.</summary>
public sealed class SlowModelTests : IDisposable
{
    private const string Code = """
        import time

        loaded = time.time_ns()


        def train(data, params, run):
            return None


        def predict(model, batch):
            if batch.timestamps[0].astype("i8") > loaded:
                time.sleep(0.2)
            return ["seen"] * batch.rows
        """;

    private const string Manifest = "name: slow\nversion: 1.0.0\ndescription: Takes its time.\nruntime: python\ninputs: [{name: image, type: image}]\noutput: {classes: [seen]}\n";
    private readonly LivePackage _package = new(Manifest, Code);

    [Fact]
    public async Task Predict_FramesGoneMeanwhile_AnswersThoseThatAreThereAndSaysWhyForTheOthers()
    {
        var scene = new SceneProvider(seed: 5, TimeSpan.FromMilliseconds(20));
        await using CameraNode node = await CameraNode.StartAsync(provider: scene);
        DeploymentInfo deployment = await _package.DeployAsync(node);

        await node.PutAsync("""{ "camera": "scene", "recent": 2, "storage": { "frames": "none" } }""");

        IReadOnlyList<PredictionResult> answers = [];
        await Eventually.True(
            () => (answers = node.Get<IPredictions>().ListAsync(deployment.Id, 10_000).GetAwaiter().GetResult()).Count(a => Equals(a.Values["label"], "seen")) >= 10,
            () => $"{answers.Count} answers, {node.Get<IDeployments>().Find(deployment.Id)!.Reason}");
        PredictionResult[] without = [.. answers.Where(a => a.Values["label"] is null)];
        without.Length.ShouldBeGreaterThan(16);
        without.ShouldAllBe(a => ((string)a.Values["error"]!).Contains("was never stored and is no longer in memory", StringComparison.Ordinal));
    }

    public void Dispose() => _package.Dispose();
}

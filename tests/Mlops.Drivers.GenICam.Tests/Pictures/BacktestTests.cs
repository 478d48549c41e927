using Mlops.Drivers.GenICam.Tests.Peers;
using Mlops.Prediction;
using Mlops.Prediction.Backtests;
using Mlops.Store;

namespace Mlops.Drivers.GenICam.Tests.Pictures;

/// <summary>A model over stored pictures sees what it saw live in the camera's buffers.</summary>
public sealed class BacktestTests : IDisposable
{
    private const int Judged = 30;

    // The answer is the hash of the pixels: it agrees only if each one does.
    private const string Code = """
        import hashlib


        def train(data, params, run):
            return None


        def predict(model, batch):
            return {"seen": [hashlib.sha256(picture.tobytes()).hexdigest() for picture in batch["image"]]}
        """;

    private const string Manifest = "name: seen\nversion: 1.0.0\ndescription: Names pictures by their pixels.\nruntime: python\ninputs: [{name: image, type: image}]\noutput: {fields: [{name: seen, type: text}]}\n";
    private readonly LivePackage _package = new(Manifest, Code);

    [Fact]
    public async Task Backtest_StoredFrames_AnswersAsLive()
    {
        await using CameraNode node = await CameraNode.StartAsync(provider: new SceneProvider(seed: 3, TimeSpan.FromMilliseconds(40)));
        DeploymentInfo deployment = await _package.DeployAsync(node, Settings);

        // Live: pixels come from memory.
        await node.PutAsync(Settings);
        PredictionResult[] answers = [];
        await Eventually.True(() => (answers = AnswersAboutStored(node, deployment)).Length >= Judged, () => $"{answers.Length} answers");
        await node.Get<IAssetCatalog>().RemoveAsync(CameraNode.Asset);
        answers.Select(a => a.Values["seen"]).Distinct().Count().ShouldBe(answers.Length, "each picture is another");
        await node.Get<ILabels>().AddAsync(CameraNode.Frames, [.. answers.Select(a => new Label { Set = "live", Value = (string)a.Values["seen"]!, Position = a.Source.Row })]);

        // From the store: no camera is there any more.
        BacktestInfo backtest = await node.Get<IBacktests>().StartAsync(new BacktestRequest { Model = deployment.Request.Model!, Feed = CameraNode.Frames, Filter = "image LIKE 'sha256:%'", Labels = "live" });
        backtest = await Eventually.Within(node.Get<IBacktests>().WaitAsync(backtest.Id));

        backtest.State.ShouldBe(BacktestState.Succeeded, backtest.Reason);
        (backtest.Results[0].Figures.Count, backtest.Results[0].Figures.Accuracy, backtest.Results[0].Failed).ShouldBe((answers.Length, 1.0, 0));
    }

    public void Dispose() => _package.Dispose();

    private static string Settings => """{ "camera": "scene", "recent": 1000, "storage": { "frames": "all", "encoding": "png" } }""";

    // A busy disk leaves pictures out.
    private static PredictionResult[] AnswersAboutStored(CameraNode node, DeploymentInfo deployment)
    {
        IReadOnlyList<PredictionResult> answers = node.Get<IPredictions>().ListAsync(deployment.Id, 10_000).GetAwaiter().GetResult();
        HashSet<long> stored = [.. node.RowsAsync(CameraNode.Frames).GetAwaiter().GetResult().Where(CameraNode.IsStored).Select(r => (long)r["@position"]!)];
        return [.. answers.Where(a => stored.Contains(a.Source.Row))];
    }
}

using System.Security.Cryptography;
using Mlops.Drivers.GenICam.Tests.Peers;
using Mlops.Prediction;

namespace Mlops.Drivers.GenICam.Tests.Pictures;

/// <summary>Code in the host's process sees the camera's buffers, and keeps what it has seen.</summary>
public sealed class KeptPicturesTests : IDisposable
{
    private const int Judged = 60;

    // It keeps each live picture that it gets alone, and tells whether all that it has are what they were.
    private const string Code = """
        import hashlib
        import time

        loaded = time.time_ns()
        kept = []


        def train(data, params, run):
            return None


        def name(picture):
            return hashlib.sha256(picture.tobytes()).hexdigest()


        def predict(model, batch):
            if batch.rows == 1 and batch.timestamps[0].astype("i8") > loaded:
                kept.append((batch["image"], name(batch["image"])))
            same = all(name(picture) == was for picture, was in kept)
            return {"seen": [name(picture) for picture in batch["image"]], "kept": [len(kept)] * batch.rows, "same": [same] * batch.rows}
        """;

    private const string Manifest = "name: keeper\nversion: 1.0.0\ndescription: Keeps what it sees.\nruntime: python\ninputs: [{name: image, type: image}]\noutput: {fields: [{name: seen, type: text}, {name: kept, type: integer}, {name: same, type: boolean}]}\n";
    private readonly LivePackage _package = new(Manifest, Code);

    [Fact]
    public async Task Predict_CodeThatKeepsEachPicture_FindsThemUnchangedAndLeavesTheCameraItsBuffers()
    {
        var scene = new SceneProvider(seed: 7, TimeSpan.FromMilliseconds(40));
        await using CameraNode node = await CameraNode.StartAsync(provider: scene);
        DeploymentInfo deployment = await _package.DeployAsync(node);
        deployment.Mode.ShouldBe("in-process");

        // Few buffers: were they kept with the arrays, no frame would come any more.
        await node.PutAsync("""{ "camera": "scene", "buffers": 6, "recent": 30, "storage": { "frames": "none" } }""");
        IReadOnlyList<PredictionResult> answers = [];
        await Eventually.True(() => (answers = node.Get<IPredictions>().ListAsync(deployment.Id, 10_000).GetAwaiter().GetResult()).Count(a => !a.Values.ContainsKey("error")) >= Judged, () => $"{answers.Count} answers");

        Dictionary<long, long> frames = (await node.RowsAsync(CameraNode.Frames)).ToDictionary(r => (long)r["@position"]!, r => (long)r["frame"]!);
        PredictionResult[] judged = [.. answers.Where(a => !a.Values.ContainsKey("error")).OrderBy(a => a.Source.Row)];
        judged.ShouldAllBe(a => Equals(a.Values["seen"], HashOf(scene, frames[a.Source.Row])));
        judged.ShouldAllBe(a => Equals(a.Values["same"], true));
        judged.Max(a => (long)a.Values["kept"]!).ShouldBeGreaterThan(2);
    }

    public void Dispose() => _package.Dispose();

    private static string HashOf(SceneProvider scene, long frame) => Convert.ToHexStringLower(SHA256.HashData(scene.Truth[frame].Pixels.Span));
}

using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Mlops.Drivers.GenICam.Tests.Peers;
using Mlops.Messaging;
using Mlops.Store;

namespace Mlops.Drivers.GenICam.Tests.Driver;

/// <summary>The driver in a whole node, with its catalog, store and broker, and settings as clients send them.</summary>
public sealed class NodeTests
{
    [Fact]
    public async Task Put_SmallestSettings_StoreFramesAndTheirPictures()
    {
        await using GigECamera camera = await GigECamera.StartAsync();
        await using CameraNode node = await CameraNode.StartAsync();

        await node.PutAsync($$"""{ "camera": "{{camera.Address}}", "features": { "Width": 256, "Height": 64, "TestBoolean": true, "PixelFormat": "Mono8" } }""");

        List<Dictionary<string, object?>> rows = await node.UntilAsync(CameraNode.Frames, rows => rows.Count(r => CameraNode.IsStored(r)) >= 3);
        rows.ShouldAllBe(r => Equals(r["width"], 256L) && Equals(r["height"], 64L) && Equals(r["format"], "Mono8") && r["exposure"] is double && r["gain"] is double);
        BlobReference.TryParse((string)rows.First(r => CameraNode.IsStored(r))["image"]!, out BlobReference? reference).ShouldBeTrue();
        using Stream picture = node.Get<IBlobStore>().Open(reference)!;
        using var content = new MemoryStream();
        await picture.CopyToAsync(content);
        PythonPictures.Samples(content.ToArray()).Length.ShouldBe(256 * 64);
        (await node.Get<IAssetAccess>().PreviewAsync(CameraNode.Asset))!.Content.Length.ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task Put_OtherFeatures_TakeEffect()
    {
        await using CameraNode node = await CameraNode.StartAsync(hasSimulation: true);
        await node.PutAsync("""{ "camera": "Fake_1", "features": { "Width": 64, "Height": 64 }, "storage": { "frames": "none" } }""");
        await node.UntilAsync(CameraNode.Frames, rows => rows.Count > 2);

        await node.PutAsync("""{ "camera": "Fake_1", "features": { "Width": 96, "Height": 64 }, "storage": { "frames": "none" } }""");

        await node.UntilAsync(CameraNode.Frames, rows => Equals(rows[^1]["width"], 96L));
    }

    [Fact]
    public async Task Asked_PredictionOfAClassOrUnsure_StoresTheFrameWithThoseAroundIt()
    {
        await using CameraNode node = await CameraNode.StartAsync(hasSimulation: true);
        await node.WriteAsync("app.quality.answers", ("label", "fine"), ("score", 1.0), ("source_feed", "other"), ("source_ts", DateTimeOffset.UnixEpoch));
        await node.PutAsync("""
            { "camera": "Fake_1", "features": { "Width": 64, "Height": 64 }, "frameRate": 5,
              "storage": { "frames": "asked", "asked": { "predictions": "app.quality.answers", "classes": ["scratch"], "below": 0.5, "before": 1, "after": 1, "wait": 200 } } }
            """);
        await node.UntilAsync(CameraNode.Frames, rows => rows.Count >= 3);

        Dictionary<string, object?> sure = (await node.RowsAsync(CameraNode.Frames))[^1];
        await AnswerAsync(node, sure, "fine", 0.9);
        Dictionary<string, object?> scratch = await NextAsync(node);
        await AnswerAsync(node, scratch, "scratch", 0.9);
        List<Dictionary<string, object?>> kept = await node.UntilAsync(CameraNode.Kept, rows => rows.Count >= 3);
        long at = (long)scratch["frame"]!;
        kept.Take(3).Select(r => (long)r["frame"]!).Order().ShouldBe([at - 1, at, at + 1]);
        kept.ShouldContain(r => Equals(r["@time"], scratch["@time"]));
        kept.ShouldAllBe(r => CameraNode.IsStored(r));

        Dictionary<string, object?> unsure = await NextAsync(node);
        await AnswerAsync(node, unsure, "fine", 0.4);
        await node.UntilAsync(CameraNode.Kept, rows => rows.Any(r => Equals(r["frame"], unsure["frame"])));
        (await node.RowsAsync(CameraNode.Frames)).ShouldAllBe(r => !CameraNode.IsStored(r));
    }

    [Fact]
    public async Task Asked_PredictionThatComesTooLate_IsCountedAndSaid()
    {
        await using CameraNode node = await CameraNode.StartAsync(hasSimulation: true);
        await node.WriteAsync("app.quality.answers", ("label", "fine"), ("score", 1.0), ("source_feed", "other"), ("source_ts", DateTimeOffset.UnixEpoch));
        await node.PutAsync("""
            { "camera": "Fake_1", "features": { "Width": 64, "Height": 64 }, "storage": { "frames": "asked", "asked": { "predictions": "app.quality.answers", "classes": ["scratch"], "wait": 2 } } }
            """);
        using var figures = new CameraFigures(node);
        List<Dictionary<string, object?>> rows = await node.UntilAsync(CameraNode.Frames, rows => rows.Count >= 10);

        await AnswerAsync(node, rows[0], "scratch", 0.9);

        await Eventually.True(() => figures.Read()["mlops.genicam.frames.late"] == 1 && node.Get<IAssets>().Find(CameraNode.Asset)?.Reason?.Contains("no longer in memory (1 so far)", StringComparison.Ordinal) == true, () => node.Get<IAssets>().Find(CameraNode.Asset)?.Reason ?? "");
        figures.Read()["mlops.genicam.frames.stored"].ShouldBe(0);
    }

    [Fact]
    public async Task Trigger_RecordsOfAFeed_TakeAFrameEachTimeTheFieldBecomesTrue()
    {
        await using GigECamera camera = await GigECamera.StartAsync();
        await using CameraNode node = await CameraNode.StartAsync();
        await node.WriteAsync("plc.press.cycle", ("closed", true));
        await node.PutAsync($$"""{ "camera": "{{camera.Address}}", "features": { "Width": 64, "Height": 64 }, "trigger": { "feed": "plc.press.cycle", "field": "closed" } }""");
        await UntilConnectedAsync(node);

        foreach (bool closed in (bool[])[true, false, true])
            await node.WriteAsync("plc.press.cycle", ("closed", closed));
        await node.UntilAsync(CameraNode.Frames, rows => rows.Count == 1);
        foreach (bool closed in (bool[])[true, false, true])
            await node.WriteAsync("plc.press.cycle", ("closed", closed));
        await node.UntilAsync(CameraNode.Frames, rows => rows.Count == 2);
    }

    [Fact]
    public async Task Trigger_MessagesOnATopic_TakeAFrameEach()
    {
        await using GigECamera camera = await GigECamera.StartAsync();
        await using CameraNode node = await CameraNode.StartAsync();
        await node.PutAsync($$"""{ "camera": "{{camera.Address}}", "features": { "Width": 64, "Height": 64 }, "trigger": { "topic": "press/+/closed" } }""");
        await UntilConnectedAsync(node);

        for (int i = 1; i <= 3; i++)
        {
            await node.Get<IMessageBus>().PublishAsync("press/4/closed", ReadOnlyMemory<byte>.Empty);
            await node.UntilAsync(CameraNode.Frames, rows => rows.Count == i);
        }
    }

    [Fact]
    public async Task Discover_CameraInTheNetwork_IsFoundWithWhatItIs()
    {
        await using GigECamera camera = await GigECamera.StartAsync();
        await using CameraNode node = await CameraNode.StartAsync();
        var factory = (IDiscoveringDriverFactory)node.Get<IEnumerable<IHighLevelDriverFactory>>().Single(f => f.Kind == "genicam");

        DiscoveredAsset? found = null;
        await Eventually.True(() => (found = factory.DiscoverAsync(null, CancellationToken.None).AsTask().GetAwaiter().GetResult().SingleOrDefault(a => a.Name == camera.Id)) is not null);

        found!.Settings["camera"]!.GetValue<string>().ShouldBe(camera.Id);
        found.Description!.ShouldContain("GV01");
        await Eventually.True(() => factory.DiscoverAsync("gv01", CancellationToken.None).AsTask().GetAwaiter().GetResult().Any(a => a.Name == camera.Id));
        (await factory.DiscoverAsync("Acme", CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Drivers_Genicam_HasASchemaWithEachSetting()
    {
        await using CameraNode node = await CameraNode.StartAsync();

        JsonObject schema = node.Get<IAssetCatalog>().Drivers.Single(d => d.Kind == "genicam").Settings;

        JsonObject properties = schema["properties"]!.AsObject();
        properties.Select(p => p.Key).ShouldBe(
            ["camera", "provider", "features", "steps", "region", "frameRate", "trigger", "chunks", "storage", "buffers", "recent", "packetSize", "socketBuffer", "resend", "packetSocket", "frameTimeout", "longestRetry", "previewSize", "previewInterval"],
            ignoreOrder: true);
        properties.ShouldAllBe(p => p.Value!["title"] != null && p.Value["description"] != null);
        schema["required"]!.AsArray().Select(r => r!.GetValue<string>()).ShouldBe(["camera"]);
    }

    [Fact]
    public async Task Sample_ItsSettings_TakeFrames()
    {
        string file = Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "samples", "CameraHost", "appsettings.json");
        JsonNode settings = JsonNode.Parse(File.ReadAllText(file))!["Mlops"]!["Assets"]!["camera"]!["settings"]!;
        await using CameraNode node = await CameraNode.StartAsync(hasSimulation: true);

        await node.PutAsync(settings.ToJsonString());

        await node.UntilAsync(CameraNode.Frames, rows => rows.Any(r => Equals(r["width"], 512L) && CameraNode.IsStored(r)));
    }

    private static async Task<Dictionary<string, object?>> NextAsync(CameraNode node)
    {
        int before = (await node.RowsAsync(CameraNode.Frames)).Count;
        return (await node.UntilAsync(CameraNode.Frames, rows => rows.Count > before))[^1];
    }

    private static async Task AnswerAsync(CameraNode node, Dictionary<string, object?> frame, string label, double score) =>
        await node.WriteAsync("app.quality.answers", ("label", label), ("score", score), ("source_feed", CameraNode.Frames), ("source_ts", frame["@time"]));

    private static async Task UntilConnectedAsync(CameraNode node) =>
        await Eventually.True(() => node.Get<IAssets>().Find(CameraNode.Asset)?.State == DriverState.Connected, () => node.Get<IAssets>().Find(CameraNode.Asset)?.Reason ?? "");

    private static string Here([CallerFilePath] string path = "") => path;
}

using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Mlops.Drivers.GenICam.Tests.Peers;
using Mlops.Prediction;

namespace Mlops.Drivers.GenICam.Tests.Pictures;

/// <summary>
/// A node whose blobs lie on a small disk of their own: a tmpfs that only this process sees (a mount namespace, as root or as the root of
/// a user namespace). It stores and judges frames until the disk is full, goes on judging, and stores again when there is room. Each step
/// is a line on its output.
/// </summary>
internal static class FullDisk
{
    public const string Verb = "full-disk";

    private const string Code = """
        def train(data, params, run):
            return float(data["image"].mean())


        def predict(model, batch):
            return ["bright" if picture.mean() > model else "dark" for picture in batch["image"]]
        """;

    private const string Manifest = "name: grey\nversion: 1.0.0\ndescription: Tells bright from dark.\nruntime: python\ninputs: [{name: image, type: image}]\noutput: {classes: [bright, dark]}\n";

    public static Process Start(string folder) => Process.Start(new ProcessStartInfo("unshare",
    [
        "--mount", .. Environment.IsPrivilegedProcess ? Array.Empty<string>() : ["--map-root-user"],
        "sh", "-c", "mkdir -p \"$0/node/blobs\" && mount -t tmpfs -o size=512k none \"$0/node/blobs\" && exec dotnet exec \"$1\" \"$2\" \"$0\"", folder, Assembly.GetExecutingAssembly().Location, Verb,
    ])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    public static async Task RunAsync(string folder)
    {
        await using CameraNode node = await CameraNode.StartAsync(provider: new SceneProvider(seed: 5, TimeSpan.FromMilliseconds(40)), folder: folder);
        using var package = new LivePackage(Manifest, Code);
        DeploymentInfo deployment = await package.DeployAsync(node, Settings);
        await node.PutAsync(Settings);

        await Eventually.True(() => Reason(node)?.Contains("cannot be stored", StringComparison.Ordinal) == true);
        Say($"trouble {Reason(node)}");
        long before = (await node.RowsAsync(CameraNode.Frames)).Max(r => (long)r["@position"]!);
        IReadOnlyList<PredictionResult> answers = [];
        await Eventually.True(() => (answers = node.Get<IPredictions>().ListAsync(deployment.Id, 10_000).GetAwaiter().GetResult()).Count(a => a.Source.Row > before) >= 20);
        Say(string.Create(CultureInfo.InvariantCulture, $"errors {answers.Count(a => a.Values.ContainsKey("error"))}"));

        foreach (string file in Directory.EnumerateFiles(Path.Combine(folder, "node", "blobs"), "*", SearchOption.AllDirectories).ToArray())
            File.Delete(file);
        long full = (await node.RowsAsync(CameraNode.Frames)).Max(r => (long)r["@position"]!);
        await node.UntilAsync(CameraNode.Frames, rows => rows.Any(r => (long)r["@position"]! > full && CameraNode.IsStored(r)));
        Say("stores again");
    }

    private static string Settings => """{ "camera": "scene", "recent": 1000, "storage": { "frames": "all", "encoding": "raw" } }""";

    private static string? Reason(CameraNode node) => node.Get<IAssets>().Find(CameraNode.Asset)?.Reason;

    private static void Say(string line) => Console.WriteLine(line);
}

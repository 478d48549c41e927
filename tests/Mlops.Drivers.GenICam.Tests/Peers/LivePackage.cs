using System.Text.RegularExpressions;
using Mlops.Prediction;
using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Drivers.GenICam.Tests.Peers;

/// <summary>A workflow of a manifest and its code, learned from frames that a camera has stored and deployed on those that come.</summary>
internal sealed partial class LivePackage(string manifest, string code) : IDisposable
{
    /// <summary>Settings of a camera that stores each frame as it is.</summary>
    public const string Stored = """{ "camera": "scene", "storage": { "frames": "all", "encoding": "raw" } }""";

    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-live-").FullName;

    /// <summary>Lets the camera store some frames, takes it away, learns from them and deploys.</summary>
    public async Task<DeploymentInfo> DeployAsync(CameraNode node, string settings = Stored)
    {
        await node.PutAsync(settings);
        await node.UntilAsync(CameraNode.Frames, rows => rows.Count(CameraNode.IsStored) >= 5);
        await node.Get<IAssetCatalog>().RemoveAsync(CameraNode.Asset);
        string name = Name().Match(manifest).Groups[1].Value;
        await File.WriteAllTextAsync(Path.Combine(_folder, "workflow.yaml"), manifest);
        await File.WriteAllTextAsync(Path.Combine(_folder, "workflow.py"), code);
        await node.Get<IWorkflowCatalog>().InstallAsync(_folder, trusted: true);
        TrainingInfo training = await node.Get<ITrainings>().StartAsync(new TrainingRequest { Workflow = name, Feed = CameraNode.Frames, Filter = "image LIKE 'sha256:%'" });
        training = await Eventually.Within(node.Get<ITrainings>().WaitAsync(training.Id));
        training.State.ShouldBe(TrainingState.Succeeded, training.Reason);
        return await node.Get<IDeployments>().StartAsync(new DeploymentRequest { Workflow = name, Model = training.Model!, Feed = CameraNode.Frames });
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [GeneratedRegex("^name: (.+)$", RegexOptions.Multiline)]
    private static partial Regex Name();
}

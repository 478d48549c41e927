using Mlops.Workflows;
using Mlops.Workflows.Authors;
using Mlops.Workflows.Manifests;
using Mlops.Workflows.Rehearsal;

namespace Mlops.Sdk.Tests.Runtime;

/// <summary>What the authors' command begins with passes on a node as it passes there.</summary>
[Collection(RuntimeCollection.Name)]
public sealed class RehearsalTests(RuntimeFixture fixture) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RunAsync_PackageOfInit_TrainsOnItsSampleAndPassesItsGoldenCases() => (await RunAsync(await InitAsync())).ShouldBe(3);

    [Fact]
    public async Task RunAsync_CodeThatFails_SaysWhereWithItsOutput()
    {
        WorkflowPackage package = await InitAsync();
        _folder.Write("my-flow/workflow.py", "def train(data, params, run):\n    print('looking at', data.rows, 'rows')\n    return data['c']\n\n\ndef predict(model, batch):\n    return []\n");
        string message = (await Should.ThrowAsync<WorkflowException>(() => RunAsync(package))).Message;
        message.ShouldContain("sample.csv: sample-training: Workflow 'my-flow' 1.0.0: train raised KeyError");
        message.ShouldContain("(workflow.py, line 3)");
        message.ShouldContain("looking at 20 rows");
        Directory.Exists(_folder["model"]).ShouldBeFalse();
    }

    [Fact]
    public async Task RunAsync_EndlessTraining_IsEndedInTime()
    {
        WorkflowPackage package = await InitAsync();
        _folder.Write("my-flow/workflow.py", "def train(data, params, run):\n    while True:\n        pass\n\n\ndef predict(model, batch):\n    return []\n");
        (await Should.ThrowAsync<WorkflowException>(() => RunAsync(package, TimeSpan.FromSeconds(3)))).Message.ShouldContain("took longer than 00:00:03");
    }

    private Task<long?> RunAsync(WorkflowPackage package, TimeSpan? timeout = null) =>
        PackageRehearsal.RunAsync(package, fixture.Create(), _folder["model"], timeout ?? TimeSpan.FromMinutes(2), CancellationToken.None);

    private async Task<WorkflowPackage> InitAsync()
    {
        (int code, _, string errors) = await AuthorTool.RunAsync(_folder.Path, "init", "my-flow");
        code.ShouldBe(0, errors);
        WorkflowManifest manifest = ManifestReader.Read(File.ReadAllText(_folder["my-flow/workflow.yaml"])).Manifest!;
        return new WorkflowPackage(manifest with { Golden = "golden.csv", Sample = "sample.csv" }, new string('a', 64), _folder["my-flow"], Trusted: false);
    }
}

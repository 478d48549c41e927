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
    public async Task Train_AuthorsCsv_IsSeenAsOnANode()
    {
        await InitAsync();
        const string Manifest = """
            name: my-flow
            version: 1.0.0
            runtime: python
            inputs:
              - {name: number, type: number}
              - {name: gaps, type: number}
              - {name: whole, type: integer}
              - {name: some, type: integer}
              - {name: truth, type: boolean}
              - {name: text, type: text}
            label: side
            output: {classes: []}
            parameters: {depth: 3, rate: 0.5, kind: fast}
            """;
        _folder.Write("my-flow/workflow.yaml", Manifest);
        _folder.Write("my-flow/sample.csv", "side,text,truth,some,whole,gaps,number\nleft,größe,true,1,1,,1.5\nright,,false,,2,2,-1e3\nleft,\"a, b\",true,3,3,3,7\nright,x,false,4,4,,0\n");
        File.Delete(_folder["my-flow/golden.csv"]);
        _folder.Write("my-flow/workflow.py", """
            def train(data, params, run):
                for name in data:
                    array = data[name]
                    print("seen", name, array.dtype, [None if v is None or v != v else v for v in array.tolist()], array.flags.writeable)
                print("seen labels", data.labels.dtype, data.labels.tolist(), data.rows, len(data.timestamps), data.timestamps.dtype)
                print("seen params", sorted(params.items()), params.depth)
                return None

            def predict(model, batch):
                return ["left"] * batch.rows
            """);

        (int code, string output, string errors) = await AuthorTool.RunAsync(_folder.Path, "test", "my-flow", "--holdout", "0");
        var observer = new RecordingObserver();
        WorkflowManifest manifest = ManifestReader.Read(Manifest).Manifest! with { Sample = "sample.csv" };
        TrainingData data = SampleData.Read(new WorkflowPackage(manifest, new string('b', 64), _folder["my-flow"], Trusted: false));
        string model = Directory.CreateDirectory(_folder["model"]).FullName;
        await fixture.Create().TrainAsync(
            new TrainingJob("t", new WorkflowPackage(manifest, new string('b', 64), _folder["my-flow"], Trusted: false), data, manifest.Parameters, model), observer, CancellationToken.None);

        code.ShouldBe(0, errors);
        string[] here = [.. output.Split('\n').Where(line => line.StartsWith("seen", StringComparison.Ordinal))];
        here.Length.ShouldBe(8);
        here.ShouldBe(observer.Said.Where(said => said.StartsWith("out seen", StringComparison.Ordinal)).Select(said => said["out ".Length..]));
        here.ShouldContain("seen some float64 [1.0, None, 3.0, 4.0] False");
        here.ShouldContain("seen text object ['größe', None, 'a, b', 'x'] False");
    }

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

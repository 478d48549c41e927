using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Data;
using Mlops.Runtime;
using Mlops.Runtime.Environments;
using Mlops.Workflows;

namespace Mlops.Sdk.Tests.Runtime.Environments;

[Collection(RuntimeCollection.Name)]
public sealed class EnvironmentTests(RuntimeFixture fixture) : IDisposable
{
    private const string UsesPaste = """
        import paste

        def train(data, params, run):
            return paste.VERSION

        def predict(model, batch):
            return {"text": [f"{model} {paste.VERSION}"] * batch.rows}
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TrainAndPredict_TwoVersionsOfOneWheel_EachPackageGetsItsOwn()
    {
        IWorkflowRuntime runtime = fixture.Create();
        foreach (string version in new[] { "1.0", "2.0" })
        {
            WorkflowPackage package = WithWheel(Package($"uses-paste-{version[0]}"), version, "py3-none-any");
            TrainingJob job = Records.Job(package);
            TrainedModel model = await runtime.TrainAsync(job, new RecordingObserver(), CancellationToken.None);
            model.Environment["paste"].ShouldBe(version);
            await using IPredictor predictor = await runtime.LoadAsync(new PredictorRequest(package, job.ModelFolder, job.Data.Inputs, null, 10), CancellationToken.None);
            predictor.Mode.ShouldBe("worker");
            using RecordBatch batch = Records.Batch(job.Data.Inputs, [1.0, 2.0]);
            using RecordBatch answers = await predictor.PredictAsync(batch);
            answers.Column("text").GetValue(0).ShouldBe($"{version} {version}");
        }
    }

    [Fact]
    public async Task EnsureAsync_ManyAtOnce_MakeOneEnvironmentWholeAndShareIt()
    {
        WorkflowPackage first = WithWheel(Package("first"), "1.0", "py3-none-any"), second = WithWheel(Package("second"), "1.0", "py3-none-any");
        EnvironmentStore[] stores = [Store(), Store()];
        foreach (EnvironmentStore store in stores)
            await store.EnsureAsync(WithWheel(Package("warm"), "0.1", "py3-none-any"), await fixture.LocateAsync(), Archive, CancellationToken.None);
        string?[] sites = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Ensure(stores[i % 2], i % 3 == 0 ? second : first)));
        string site = sites.Distinct().ShouldHaveSingleItem()!;
        Directory.GetFiles(site, "*.py", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(site, f)).ShouldBe(["paste/__init__.py"]);
        Environments().Length.ShouldBe(2);
        Directory.GetFiles(_folder["environments/packages"]).Length.ShouldBe(3);
    }

    [Fact]
    public async Task EnsureAsync_PackageMovedOrGone_KeepsItsEnvironmentOrGivesItUp()
    {
        WorkflowPackage kept = WithWheel(Package("kept"), "1.0", "py3-none-any"), gone = WithWheel(Package("gone"), "2.0", "py3-none-any");
        EnvironmentStore store = Store();
        string site = (await Ensure(store, kept))!;
        await Ensure(store, gone);
        string moved = $"{kept.Folder}-moved";
        Directory.Move(kept.Folder, moved);
        kept = kept with { Folder = moved };
        (await Ensure(store, kept)).ShouldBe(site);
        Directory.Delete(gone.Folder, recursive: true);
        Directory.CreateDirectory(_folder["environments/.tmp-left-by-a-crash/site"]);

        (await Ensure(Store(), kept)).ShouldBe(site);
        Environments().ShouldBe([Path.GetDirectoryName(site)!]);
        Directory.GetFiles(_folder["environments/packages"]).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("cp27-cp27mu-manylinux1_x86_64")]
    [InlineData("py3-none-win_amd64")]
    [InlineData("cp399-abi3-any")]
    public async Task PrepareAsync_WheelForAnotherPlatform_IsRefusedNamingItAndTheAcceptedTags(string tags)
    {
        WorkflowException refused = await Should.ThrowAsync<WorkflowException>(() => fixture.Create().PrepareAsync(WithWheel(Package("foreign"), "1.0", tags), CancellationToken.None));
        refused.Message.ShouldContain($"wheels/paste-1.0-{tags}.whl: wheel-platform: The wheel is for {tags}; this machine runs Python 3.");
        refused.Message.ShouldContain("tags that are accepted here: cp3");
        refused.Message.ShouldContain("py30-none-any");
    }

    [Fact]
    public async Task PrepareAsync_WheelsThatDoNotGoTogether_AreToldAtOnce()
    {
        WorkflowPackage package = WithWheel(WithWheel(Package("both"), "1.0", "py3-none-any"), "2.0", "py3-none-any");
        File.WriteAllBytes(Path.Combine(package.Folder, "wheels", "other-1.0-py3-none-any.whl"), Wheel("paste/__init__.py", "x = 1\n"));
        File.WriteAllBytes(Path.Combine(package.Folder, "wheels", "cut-1.0-py3-none-any.whl"), [.. Wheel("cut.py", "").Take(40)]);
        string message = (await Should.ThrowAsync<WorkflowException>(() => fixture.Create().PrepareAsync(package, CancellationToken.None))).Message;
        message.ShouldContain("wheels/paste-2.0-py3-none-any.whl: wheel-twice:");
        message.ShouldContain("!paste/__init__.py: wheel-collision:");
        message.ShouldContain("wheels/cut-1.0-py3-none-any.whl: zip-damaged:");
    }

    [Theory]
    [InlineData("numpy>=1.0", null)]
    [InlineData("paste==1.*", null)]
    [InlineData("paste>=0.9,<2", null)]
    [InlineData("paste>=2", "workflow.yaml: requirement-version: 'paste>=2' is required, but paste is 1.0 here.")]
    [InlineData("numpy>=99", "requirement-version: 'numpy>=99' is required, but numpy is ")]
    [InlineData("no-such-library", "workflow.yaml: requirement-missing: 'no-such-library' is required, but ")]
    public async Task PrepareAsync_Requirements_AreMetByWheelsOrTheInterpreter(string requirement, string? refusal)
    {
        WorkflowPackage package = WithWheel(Package("requires"), "1.0", "py3-none-any");
        package = package with { Digest = Digest(requirement), Manifest = package.Manifest with { Requirements = [requirement] } };
        Task prepare = fixture.Create().PrepareAsync(package, CancellationToken.None);
        if (refusal is null)
            await prepare;
        else
            (await Should.ThrowAsync<WorkflowException>(prepare)).Message.ShouldContain(refusal);
    }

    private string Archive => RuntimeArchive.Ensure(_folder["runtime"]);

    private EnvironmentStore Store() => new(_folder.Path, NullLogger.Instance);

    private async Task<string?> Ensure(EnvironmentStore store, WorkflowPackage package) => await store.EnsureAsync(package, await fixture.LocateAsync(), Archive, CancellationToken.None);

    private string[] Environments() => [.. Directory.GetDirectories(_folder["environments"]).Where(d => Path.GetFileName(d) != "packages")];

    private static Package Package(string name) => new Package(name, UsesPaste).WithFields(new WorkflowInput("text", InputType.Text));

    private static WorkflowPackage WithWheel(Package package, string version, string tags) => WithWheel(package.Install(), version, tags);

    private static WorkflowPackage WithWheel(WorkflowPackage package, string version, string tags)
    {
        Directory.CreateDirectory(Path.Combine(package.Folder, "wheels"));
        byte[] wheel = Wheel("paste/__init__.py", $"VERSION = '{version}'\n", ($"paste-{version}.dist-info/METADATA", $"Metadata-Version: 2.1\nName: paste\nVersion: {version}\n"), ("paste-1.0.data/scripts/tool", "not imported"));
        File.WriteAllBytes(Path.Combine(package.Folder, "wheels", $"paste-{version}-{tags}.whl"), wheel);
        return package with { Digest = Digest($"{package.Digest} {package.Manifest.Name} {version} {tags}") };
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static byte[] Wheel(string name, string text, params (string Name, string Text)[] more)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string file, string content) in more.Prepend((name, text)))
            {
                using Stream entry = zip.CreateEntry(file).Open();
                entry.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return memory.ToArray();
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Mlops.Hosting;
using Mlops.Store;

namespace Mlops.Workflows;

[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "xunit calls DisposeAsync.")]
public sealed class WorkflowCatalogTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private NodeDatabase _database = null!;
    private WorkflowCatalog _catalog = null!;

    private string Root => Path.Combine(_folder["data"], "workflows");

    public Task InitializeAsync()
    {
        _database = new NodeDatabase(Options.Create(new MlopsOptions { DataFolder = _folder["data"] }));
        _catalog = new WorkflowCatalog(_database, Options.Create(new WorkflowOptions()), TimeProvider.System, NullLogger<WorkflowCatalog>.Instance);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _catalog.Dispose();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task InstallAsync_Folder_PutsFilesInPlace()
    {
        WorkflowPackage package = await _catalog.InstallAsync(Sample("1.0.0"), trusted: true);

        package.Folder.ShouldBe(Path.Combine(Root, "side-of-cut", "1.0.0"));
        package.Trusted.ShouldBeTrue();
        package.Digest.Length.ShouldBe(64);
        Files().ShouldBe(["side-of-cut/1.0.0/workflow.py", "side-of-cut/1.0.0/workflow.yaml"]);
        _catalog.Find("side-of-cut").ShouldBe(package);
    }

    [Fact]
    public async Task InstallAsync_Zip_IsTheSamePackageAsItsFolder()
    {
        WorkflowPackage fromFolder = await _catalog.InstallAsync(Sample("1.0.0"), trusted: false);
        File.WriteAllBytes(_folder["p.zip"], SamplePackage.Zip(("workflow.py", SamplePackage.Code), ("workflow.yaml", SamplePackage.Manifest)));
        (await _catalog.InstallAsync(_folder["p.zip"], trusted: false)).ShouldBe(fromFolder);
        _catalog.List().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task InstallAsync_SameVersionOtherContent_IsRefusedAndTheOldStays()
    {
        WorkflowPackage package = await _catalog.InstallAsync(Sample("1.0.0"), trusted: false);
        string other = SamplePackage.Folder(_folder, "other", code: SamplePackage.Code + "# changed\n");

        string message = (await Should.ThrowAsync<WorkflowException>(() => _catalog.InstallAsync(other, trusted: false))).Message;
        message.ShouldContain("raise 'version'");
        message.ShouldContain("1.0.0");
        _catalog.Find("side-of-cut").ShouldBe(package);
        File.ReadAllText(Path.Combine(package.Folder, "workflow.py")).ShouldBe(SamplePackage.Code);
        Files().Length.ShouldBe(2);
    }

    [Fact]
    public async Task InstallAsync_TrustedLater_RaisesTrustAndNeverLowersIt()
    {
        string path = Sample("1.0.0");
        (await _catalog.InstallAsync(path, trusted: false)).Trusted.ShouldBeFalse();
        (await _catalog.InstallAsync(path, trusted: true)).Trusted.ShouldBeTrue();
        (await _catalog.InstallAsync(path, trusted: false)).Trusted.ShouldBeTrue();
        await RestartAsync();
        _catalog.Find("side-of-cut")!.Trusted.ShouldBeTrue();
    }

    [Fact]
    public async Task List_AfterRestart_HasPackagesByNameAndNewestVersionFirst()
    {
        foreach (string version in new[] { "1.2.0", "1.10.0", "1.10.0-rc.1", "2.0.0-alpha", "1.9.9" })
            await _catalog.InstallAsync(Sample(version), trusted: false);
        await _catalog.InstallAsync(Sample("0.1.0", "another"), trusted: true);
        IReadOnlyList<WorkflowPackage> before = _catalog.List();

        await RestartAsync();

        _catalog.List().Select(p => $"{p.Manifest.Name} {p.Manifest.Version}").ShouldBe(
            ["another 0.1.0", "side-of-cut 2.0.0-alpha", "side-of-cut 1.10.0", "side-of-cut 1.10.0-rc.1", "side-of-cut 1.9.9", "side-of-cut 1.2.0"]);
        _catalog.List().Select(p => (p.Digest, p.Folder, p.Trusted)).ShouldBe(before.Select(p => (p.Digest, p.Folder, p.Trusted)));
        _catalog.List()[1].Manifest.Inputs.ShouldBe(before[1].Manifest.Inputs);
        _catalog.Find("side-of-cut")!.Manifest.Version.ShouldBe("2.0.0-alpha");
        _catalog.Find("side-of-cut", "1.2.0").ShouldNotBeNull();
        _catalog.Find("side-of-cut", "9.9.9").ShouldBeNull();
        _catalog.Find("nothing").ShouldBeNull();
    }

    [Fact]
    public async Task Manifest_AfterRestart_KeepsTypesOfParameters()
    {
        string manifest = SamplePackage.Manifest + "\nparameters: {i: 3, d: 3.0, t: '3', b: true, n: null}\nfill: \"null\"\ntimeouts: {train: 90s}\n";
        await _catalog.InstallAsync(SamplePackage.Folder(_folder, "typed", manifest), trusted: false);
        await RestartAsync();
        WorkflowManifest kept = _catalog.Find("side-of-cut")!.Manifest;
        kept.Parameters.ShouldBe(new Dictionary<string, object?> { ["i"] = 3L, ["d"] = 3.0, ["t"] = "3", ["b"] = true, ["n"] = null });
        kept.Parameters["d"].ShouldBeOfType<double>();
        (kept.Fill, kept.TrainTimeout).ShouldBe((MissingValues.Null, TimeSpan.FromSeconds(90)));
    }

    [Fact]
    public async Task InstallAsync_Faults_AreAllInTheMessageAndNothingIsLeft()
    {
        string path = _folder.Write("bad/workflow.yaml", "name: X\nversion: 1\n");
        string message = (await Should.ThrowAsync<WorkflowException>(() => _catalog.InstallAsync(Path.GetDirectoryName(path)!, trusted: true))).Message;
        message.ShouldContain("'bad'");
        foreach (string part in new[] { "workflow.yaml:1: name:", "workflow.yaml:2: version:", "lacks 'runtime'", "lacks 'inputs'", "lacks 'output'", "workflow.py: required-file:" })
            message.ShouldContain(part);
        Files().ShouldBeEmpty();
        _catalog.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task InstallAsync_FolderInsideOfTheZip_SaysSo()
    {
        File.WriteAllBytes(_folder["p.zip"], SamplePackage.Zip(("side/workflow.py", SamplePackage.Code), ("side/workflow.yaml", SamplePackage.Manifest)));
        string message = (await Should.ThrowAsync<WorkflowException>(() => _catalog.InstallAsync(_folder["p.zip"], trusted: true))).Message;
        message.ShouldContain("there is 1 finding");
        message.ShouldContain("It is in 'side': pack the content of that folder");
    }

    [Fact]
    public async Task InstallAsync_OtherRuntime_NeedsNoPythonFile()
    {
        _folder.Write("onnx/workflow.yaml", SamplePackage.Manifest.Replace("python", "onnx", StringComparison.Ordinal));
        _folder.Write("onnx/model.onnx", "x");
        (await _catalog.InstallAsync(_folder["onnx"], trusted: true)).Manifest.Runtime.ShouldBe("onnx");
    }

    [Fact]
    public async Task InstallAsync_Golden_IsFoundAndCheckedAtUpload()
    {
        string good = SamplePackage.Folder(_folder, "good", more: ("golden.csv", "a,b,side\n1,2,left\n"));
        (await _catalog.InstallAsync(good, trusted: false)).Manifest.Golden.ShouldBe("golden.csv");
        string bad = SamplePackage.Folder(_folder, "bad", SamplePackage.Manifest.Replace("1.0.0", "1.0.1", StringComparison.Ordinal), more: ("golden.csv", "a,side\n1,left\n"));
        (await Should.ThrowAsync<WorkflowException>(() => _catalog.InstallAsync(bad, trusted: false))).Message.ShouldContain("golden.csv:1: golden-column: There is no column for the input 'b'.");
        string missing = SamplePackage.Folder(_folder, "missing", SamplePackage.Manifest + "\ngolden: cases.csv\n");
        (await Should.ThrowAsync<WorkflowException>(() => _catalog.InstallAsync(missing, trusted: false))).Message.ShouldContain("cases.csv: required-file:");
    }

    [Fact]
    public async Task InstallAsync_ManyAtOnce_InstallsEachOnce()
    {
        string path = Sample("1.0.0");
        WorkflowPackage[] packages = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _catalog.InstallAsync(path, trusted: false)));
        packages.Distinct().ShouldHaveSingleItem();
        Files().Length.ShouldBe(2);
    }

    [Fact]
    public async Task Start_AfterCrashesDuringInstallation_RemovesWhatIsHalf()
    {
        WorkflowPackage package = await _catalog.InstallAsync(Sample("1.0.0"), trusted: false);
        _folder.Write("data/workflows/.tmp-1/workflow.py", "half");
        _folder.Write("data/workflows/side-of-cut/1.1.0/workflow.py", "moved but not registered");
        await RestartAsync();
        Files().ShouldBe(["side-of-cut/1.0.0/workflow.py", "side-of-cut/1.0.0/workflow.yaml"]);
        _catalog.List().ShouldHaveSingleItem().Digest.ShouldBe(package.Digest);
    }

    [Fact]
    public async Task InstallAsync_FolderWasDeleted_PutsItBack()
    {
        WorkflowPackage package = await _catalog.InstallAsync(Sample("1.0.0"), trusted: true);
        Directory.Delete(package.Folder, recursive: true);
        (await _catalog.InstallAsync(Sample("1.0.0"), trusted: false)).Trusted.ShouldBeTrue();
        Files().Length.ShouldBe(2);
    }

    private string Sample(string version, string name = "side-of-cut") => SamplePackage.Folder(
        _folder, $"{name}-{version}", SamplePackage.Manifest.Replace("1.0.0", version, StringComparison.Ordinal).Replace("side-of-cut", name, StringComparison.Ordinal));

    private string[] Files() => Directory.Exists(Root)
        ? [.. Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Root, f)).Order(StringComparer.Ordinal)]
        : [];

    private async Task RestartAsync()
    {
        _catalog.Dispose();
        await _database.DisposeAsync();
        await InitializeAsync();
    }
}

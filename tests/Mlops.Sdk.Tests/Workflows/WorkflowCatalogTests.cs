using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Mlops.Hosting;
using Mlops.Store;
using Mlops.Training;

namespace Mlops.Workflows;

[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "xunit calls DisposeAsync.")]
public sealed class WorkflowCatalogTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeRuntime _runtime = new();
    private readonly WorkflowOptions _options = new();
    private NodeDatabase _database = null!;
    private WorkflowCatalog _catalog = null!;

    private string Root => Path.Combine(_folder["data"], "workflows");

    public Task InitializeAsync()
    {
        _database = new NodeDatabase(Options.Create(new MlopsOptions { DataFolder = _folder["data"] }));
        _catalog = new WorkflowCatalog(_database, Options.Create(_options), new WorkflowRuntimes([_runtime, new FakeRuntime { Kind = "onnx" }]), TimeProvider.System, NullLogger<WorkflowCatalog>.Instance);
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
    public async Task InstallAsync_OtherContentsOfOneVersionAtOnce_TakesOneAndRefusesTheOthers()
    {
        string[] paths = [.. Enumerable.Range(0, 8).Select(i => SamplePackage.Folder(_folder, $"p{i}", code: SamplePackage.Code + $"# {i}\n"))];
        object[] results = await Task.WhenAll(paths.Select(async path =>
        {
            try
            {
                return (object)await _catalog.InstallAsync(path, trusted: false);
            }
            catch (WorkflowException e)
            {
                return e;
            }
        }));
        WorkflowPackage package = results.OfType<WorkflowPackage>().ShouldHaveSingleItem();
        results.OfType<WorkflowException>().ShouldAllBe(e => e.IsConflict);
        _catalog.List().ShouldBe([package]);
        Packages.FileDigests.OfFolder(package.Folder).Digest.ShouldBe(package.Digest);
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

    [Fact]
    public async Task InstallAsync_UnknownRuntime_IsRefusedWithTheKnown()
    {
        string path = SamplePackage.Folder(_folder, "p", SamplePackage.Manifest.Replace("python", "pyton", StringComparison.Ordinal));
        (await Should.ThrowAsync<WorkflowException>(() => _catalog.InstallAsync(path, trusted: true))).Message.ShouldContain(
            "workflow.yaml: runtime: The runtime 'pyton' is not registered. Did you mean 'python'? Known: onnx, python.");
    }

    [Fact]
    public async Task InstallAsync_SampleData_IsTrainedOnAndGoldenCasesPass()
    {
        TrainingJob? job = null;
        int rows = 0;
        _runtime.Train = (j, _, _) =>
        {
            (job, rows) = (j, j.Data.Batches[0].Count);
            return Task.FromResult(FakeRuntime.Save(j));
        };
        WorkflowPackage package = await _catalog.InstallAsync(Rehearsed("a,b,expected\n1,2,left\n"), trusted: false);
        package.Manifest.Sample.ShouldBe("sample.csv");
        job!.Data.Inputs.Fields.Select(f => (f.Name, f.Type)).ShouldBe([("a", Data.FieldType.Float64), ("b", Data.FieldType.Float64)]);
        (job.Data.LabelType, rows, job.Package.Manifest.TrainTimeout).ShouldBe((Data.FieldType.Text, 3, _options.SampleTimeout));
        (_runtime.Loaded!.Package.Manifest.Isolated, _runtime.Unloaded).ShouldBe((true, 1));
        Directory.GetDirectories(Root).ShouldBe([Path.Combine(Root, "side-of-cut")]);

        job = null;
        await _catalog.InstallAsync(_folder["p"], trusted: false);
        job.ShouldBeNull();
    }

    [Fact]
    public async Task InstallAsync_GoldenCaseFails_IsRefusedWithCaseFieldExpectedAndGot()
    {
        string message = await Refused(Rehearsed("a,b,expected\n1,2,left\n1,2,right\n1,2,up\n"));
        message.ShouldStartWith("golden.csv: golden-case: The golden case golden.csv:3 failed: 'label' is 'left' where 'right' is expected.\nThe golden case golden.csv:4 failed: 'label' is 'left' where 'up' is expected. The package was not installed.");
    }

    [Theory]
    [InlineData("a,expected\n1,left\n")]
    [InlineData("a,b,note,expected\n1,2,x,left\n")]
    public async Task InstallAsync_AnyTableWithGoldenCasesOfAnotherThanItsSample_IsRefused(string golden)
    {
        string package = Rehearsed(golden);
        _folder.Write("p/workflow.yaml", "name: side-of-cut\nversion: 1.0.0\nruntime: python\ninputs: '*'\nlabel: side\noutput: {classes: [left, right]}\n");
        (await Refused(package)).ShouldBe("golden.csv:1: golden-column: The columns of inputs are others than in sample.csv: a, b. Give the cases the same columns, and the expected answer.");
    }

    [Fact]
    public async Task InstallAsync_SampleTrainingFails_IsRefusedWithItsOutput()
    {
        _runtime.Train = (_, observer, _) =>
        {
            observer.Log("about to fall", isError: false);
            throw new WorkflowException("Workflow 'side-of-cut' 1.0.0: train raised ValueError.", "Traceback");
        };
        string message = await Refused(Rehearsed("a,b,expected\n1,2,left\n"));
        message.ShouldStartWith("sample.csv: sample-training: Workflow 'side-of-cut' 1.0.0: train raised ValueError.");
        message.ShouldContain("about to fall");
    }

    [Fact]
    public async Task InstallAsync_CodeThatChangesItsOwnFiles_IsRefused()
    {
        _runtime.Train = (job, _, _) =>
        {
            File.WriteAllText(Path.Combine(job.Package.Folder, "workflow.py"), "other code than was checked");
            return Task.FromResult(FakeRuntime.Save(job));
        };
        (await Refused(Rehearsed("a,b,expected\n1,2,left\n"))).ShouldContain("package-changed");
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "sample.csv:1: sample-column: There is no column for the label 'side'.")]
    [InlineData("a,side\n1,left\n", "sample.csv:1: sample-column: There is no column for the input 'b'.")]
    [InlineData("a,b,side\n", "sample.csv: sample-rows: There is no row.")]
    [InlineData("a,b,side\n1,2\n", "sample.csv:2: sample-cells:")]
    [InlineData("a,b,side\n1,two,left\n", "sample.csv:2: sample-value: 'two' in column 'b' is no Float64.")]
    public async Task InstallAsync_SampleData_IsChecked(string sample, string expected) =>
        (await Refused(SamplePackage.Folder(_folder, "p", more: ("sample.csv", sample)))).ShouldContain(expected);

    [Fact]
    public async Task InstallAsync_PackageSignedByATrustedKey_IsTrusted()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        string path = Sample("1.0.0");
        _options.Signatures = SignaturePolicy.Require;
        (await Refused(path)).ShouldContain("SIGNATURE: signature-missing: The package is not signed. Sign it by a key that this node trusts: python -m mlops sign.");
        _folder.Write("data/keys/line-4.pub", key.ExportSubjectPublicKeyInfoPem());
        IEnumerable<(string, string)> files = Directory.GetFiles(path).Select(f => (Path.GetFileName(f), Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f)))));
        File.WriteAllText(Path.Combine(path, "SIGNATURE"), Signing.PackageSignature.Create("line-4", key, [.. files]));
        (await _catalog.InstallAsync(path, trusted: false)).Trusted.ShouldBeTrue();
        File.AppendAllText(Path.Combine(path, "workflow.py"), "# more\n");
        (await Should.ThrowAsync<WorkflowException>(() => _catalog.InstallAsync(path, trusted: false))).Message.ShouldContain("workflow.py: signature-wrong: The file has changed since it was signed.");
    }

    [Theory]
    [InlineData("README.txt", "x", "wheels/README.txt: wheel-name:")]
    [InlineData("a-1.0-py3-none-any.whl", "no zip", "wheels/a-1.0-py3-none-any.whl: zip-damaged:")]
    [InlineData("a.whl", "x", "wheels/a.whl: wheel-name:")]
    public async Task InstallAsync_WheelThatIsNone_IsRefused(string name, string content, string expected) =>
        (await Refused(SamplePackage.Folder(_folder, "p", more: ($"wheels/{name}", content)))).ShouldContain(expected);

    [Fact]
    public async Task InstallAsync_HostileWheel_IsHeldAgainstTheRulesForArchives()
    {
        string path = SamplePackage.Folder(_folder, "p");
        Directory.CreateDirectory(Path.Combine(path, "wheels"));
        _options.MaxFiles = 20;
        var zip = new Packages.RawZip().Add(new("../evil.py", "x")).Add(new("bomb", new byte[3 << 20], deflated: true)).Add(new("link", "/etc/passwd") { Attributes = 0xA1FF0000 });
        File.WriteAllBytes(Path.Combine(path, "wheels", "a-1.0-py3-none-any.whl"), zip.Build());
        foreach (string name in new[] { "b", "c" })
        {
            var many = new Packages.RawZip();
            for (int i = 0; i < 15; i++)
                many.Add(new($"{name}/{i}.py", ""));
            File.WriteAllBytes(Path.Combine(path, "wheels", $"{name}-1.0-py3-none-any.whl"), many.Build());
        }

        string message = await Refused(path);
        foreach (string part in new[] { "wheels/a-1.0-py3-none-any.whl!../evil.py: path-outside:", "!bomb: zip-ratio:", "!link: zip-link:", "wheels/: package-files: The wheels have 30 files together, more than 20." })
            message.ShouldContain(part);
    }

    [Fact]
    public async Task InstallAsync_BitFlips_AreRefusedOrHarmlessAndNeverEscape()
    {
        byte[] good = SamplePackage.Zip(("workflow.yaml", SamplePackage.Manifest), ("workflow.py", SamplePackage.Code), ("golden.csv", "a,b,side\n1,2,left\n"), ("SIGNATURE", "mlops-signature 1\nkey a\nsignature AAAA\n"));
        var random = new Random(42);
        int refused = 0;
        for (int round = 0; round < 120; round++)
        {
            byte[] bytes = [.. good];
            for (int flips = random.Next(1, 4); flips > 0; flips--)
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(_folder["p.zip"], bytes);
            try
            {
                await _catalog.InstallAsync(_folder["p.zip"], trusted: false);
            }
            catch (WorkflowException)
            {
                refused++;
            }
        }

        refused.ShouldBeInRange(40, 120);
        Directory.GetDirectories(_folder["data/workflows"], ".tmp-*").ShouldBeEmpty();
    }

    private string Rehearsed(string golden) => SamplePackage.Folder(_folder, "p", more: [("sample.csv", "a,b,side\n1,2,left\n3,,right\n5,6,\n"), ("golden.csv", golden)]);

    private async Task<string> Refused(string path)
    {
        string message = (await Should.ThrowAsync<WorkflowException>(() => _catalog.InstallAsync(path, trusted: false))).Message;
        Files().ShouldBeEmpty();
        return message;
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

using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Mlops.Hosting;
using Mlops.Store;
using Mlops.Training;

namespace Mlops.Workflows.Authors;

public sealed class AuthorToolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task InitAndTest_NewPackage_TrainsPredictsAndPasses()
    {
        string output = await Run("init", "my-flow") + await Run("test", "my-flow");
        output.ShouldContain("trained    16 rows");
        output.ShouldContain("accuracy   1.0000 on unseen rows");
        output.ShouldContain("golden     3 cases passed");
    }

    [Fact]
    public async Task Test_OwnCsv_TrainsOnItWithTheLabelNamed()
    {
        await Run("init", "my-flow");
        _folder.Write("rows.csv", "timestamp,b,a,truth\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"2026-01-01T00:00:{i:00}Z,{i % 3},{(i % 2 == 0 ? -2 : 2)},{(i % 2 == 0 ? "left" : "right")}\n")));
        (await Run("test", "my-flow", "--csv", "rows.csv", "--label", "truth", "--holdout", "0.5")).ShouldContain("trained    20 rows");
        (await Fail("test", "my-flow", "--csv", "rows.csv")).ShouldContain("rows.csv:1: csv-column: There is no column for the label 'side'.");
    }

    [Fact]
    public async Task Test_Pictures_AreArraysOfFilesOfThePackageAndBesideACsv()
    {
        await Run("init", "my-flow");
        _folder.Write("my-flow/workflow.yaml", "name: my-flow\nversion: 1.0.0\ndescription: Looks.\nruntime: python\ninputs: [{name: image, type: image}]\nlabel: kind\noutput: {classes: [dark, bright]}\nfill: skip\n");
        _folder.Write("my-flow/workflow.py", "def train(data, params, run):\n    assert data['image'].shape == (4, 2, 3), data['image'].shape\n    return float(data['image'].mean())\n\n\ndef predict(model, batch):\n    return ['bright' if picture.mean() > model else 'dark' for picture in batch['image']]\n");
        File.Delete(Path.Combine(_folder.Path, "my-flow", "sample.csv"));
        foreach (string folder in (string[])["my-flow/pictures", "elsewhere"])
        {
            Directory.CreateDirectory(Path.Combine(_folder.Path, folder));
            File.WriteAllBytes(Path.Combine(_folder.Path, folder, "dark.png"), Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAAEElEQVR4nGPgEpFjEBERAQAB1AB5eNpzEQAAAABJRU5ErkJggg=="));
            File.WriteAllBytes(Path.Combine(_folder.Path, folder, "bright.png"), Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAAEElEQVR4nGO4dOcZw507dwAUlAUphSk5vwAAAABJRU5ErkJggg=="));
        }

        _folder.Write("my-flow/golden.csv", "image,expected\npictures/dark.png,dark\npictures/bright.png,bright\n");
        _folder.Write("elsewhere/rows.csv", "image,kind\ndark.png,dark\nbright.png,bright\ndark.png,dark\nbright.png,bright\n");

        (await Run("test", "my-flow", "--csv", "elsewhere/rows.csv", "--label", "kind", "--holdout", "0")).ShouldContain("golden     2 cases passed");
        _folder.Write("elsewhere/rows.csv", "image,kind\nlost.png,dark\n");
        (await Fail("test", "my-flow", "--csv", "elsewhere/rows.csv", "--label", "kind")).ShouldContain("rows.csv:2: csv-picture: 'lost.png'");
    }

    [Fact]
    public async Task Test_GoldenCaseFails_NamesCaseFieldExpectedAndGot()
    {
        await Run("init", "my-flow");
        _folder.Write("my-flow/golden.csv", "a,b,expected\n-3,2,left\n3,2,left\n");
        (await Fail("test", "my-flow")).ShouldContain("golden.csv:3: golden-case: 'label' is 'right' where 'left' is expected.");
    }

    [Fact]
    public async Task Test_AnyTable_RunsGoldenCasesOfTheSampleAndNotOfAnotherCsv()
    {
        await Run("init", "my-flow");
        _folder.Write("my-flow/workflow.yaml", "name: my-flow\nversion: 1.0.0\nruntime: python\ninputs: '*'\nlabel: side\noutput: {classes: []}\n");
        _folder.Write("my-flow/workflow.py", "def train(data, params, run):\n    return None\n\n\ndef predict(model, batch):\n    return ['left'] * batch.rows\n");
        _folder.Write("my-flow/sample.csv", "a,b,side\n1,2,left\n3,4,left\n");
        _folder.Write("my-flow/golden.csv", "a,b,expected\n1,2,left\n");
        (await Run("test", "my-flow")).ShouldContain("golden     1 cases passed");

        _folder.Write("sample.csv", "weight,side\n1,left\n2,left\n");
        (await Run("test", "my-flow", "--csv", "sample.csv")).ShouldContain("golden     not run: golden.csv has other columns than sample.csv");
        _folder.Write("my-flow/golden.csv", "b,expected\n1,left\n");
        (await Fail("test", "my-flow")).ShouldContain("golden.csv:1: golden-column: The columns of inputs are others than in sample.csv: a, b.");
    }

    [Fact]
    public async Task Test_CodeRaises_ShowsTheLineAndTheTraceback()
    {
        await Run("init", "my-flow");
        _folder.Write("my-flow/workflow.py", "def train(data, params, run):\n    return None\n\n\ndef predict(model, batch):\n    return 1 / 0\n");
        string errors = await Fail("test", "my-flow");
        errors.ShouldContain("predict raised ZeroDivisionError: division by zero (workflow.py, line 6)");
        errors.ShouldContain("Traceback");
    }

    [Fact]
    public async Task Test_PythonWithoutNumPy_SaysWhatIsMissingWhere()
    {
        const string script = """
            import contextlib, io, sys
            sys.modules["numpy"] = None
            import mlops.__main__ as command
            errors = io.StringIO()
            with contextlib.redirect_stderr(errors):
                print(command.main(["init", "my-flow"]), command.main(["test", "my-flow"]))
            print(errors.getvalue())
            """;
        string output = await AuthorTool.ScriptAsync(_folder.Path, script);
        output.ShouldContain("0 1");
        output.ShouldContain("has no numpy, which this command needs to train and predict.");
    }

    [Fact]
    public async Task Test_Manifest_IsRefusedInTheWordsOfTheNode()
    {
        _folder.Write("bad/workflow.yaml", "name: X\nversion: 1\n");
        string[] lines = (await Fail("test", "bad")).TrimEnd().Split('\n');
        WorkflowException node = await Should.ThrowAsync<WorkflowException>(() => InstallAsync("bad", new WorkflowOptions()));
        lines.ShouldBe(node.Message.Split('\n').Skip(1), ignoreOrder: true);
    }

    [Fact]
    public async Task Pack_SameInput_GivesTheSameBytesAndTheDigestOfTheNode()
    {
        await Run("init", "my-flow");
        string first = await Run("pack", "my-flow");
        _folder.Write("my-flow/__pycache__/workflow.pyc", "left out");
        foreach (string file in Directory.GetFiles(_folder["my-flow"]))
            File.SetLastWriteTimeUtc(file, new DateTime(2001, 2, 3, 0, 0, 0, DateTimeKind.Utc));
        await Run("pack", "my-flow", "-o", "again.zip");
        File.ReadAllBytes(_folder["again.zip"]).ShouldBe(File.ReadAllBytes(_folder["my-flow-1.0.0.zip"]));
        WorkflowPackage installed = await InstallAsync("again.zip", new WorkflowOptions());
        first.ShouldContain($"digest {installed.Digest}");
        (await Run("test", "again.zip")).ShouldContain("golden     3 cases passed");
    }

    [Fact]
    public async Task Sign_PackageOfTheAuthor_IsTrustedByTheNodeThatHasTheKey()
    {
        await Run("init", "my-flow");
        await Run("keygen", "alice", "-o", "data/keys");
        await Run("pack", "my-flow");
        await Run("sign", "my-flow-1.0.0.zip", "--key", "data/keys/alice.key");
        (await Run("verify", "my-flow-1.0.0.zip", "--keys", "data/keys")).ShouldContain("signed by alice");
        (await InstallAsync("my-flow-1.0.0.zip", new WorkflowOptions { Signatures = SignaturePolicy.Require })).Trusted.ShouldBeTrue();
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(_folder["data/keys/alice.key"]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await Fail("keygen", "alice", "-o", "data/keys")).ShouldContain("it is not replaced");
    }

    [Fact]
    public async Task Verify_SignedByTheNodesOwnCode_IsTakenAndChangesAreNamed()
    {
        string package = SamplePackage.Folder(_folder, "p", more: ("libs/ä.py", "x = 1\n"));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _folder.Write("bob.pub", key.ExportSubjectPublicKeyInfoPem());
        IEnumerable<(string, string)> files = Directory.GetFiles(package, "*", SearchOption.AllDirectories)
            .Select(f => (Path.GetRelativePath(package, f), Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(f)))));
        _folder.Write("p/SIGNATURE", Signing.PackageSignature.Create("bob", key, [.. files]));
        (await Run("verify", "p", "--key", "bob.pub")).ShouldContain("signed by bob");
        _folder.Write("p/libs/ä.py", "x = 2\n");
        _folder.Write("p/more.txt", "");
        string errors = await Fail("verify", "p", "--key", "bob.pub");
        errors.ShouldContain("libs/ä.py: signature-wrong: The file has changed since it was signed.");
        errors.ShouldContain("more.txt: signature-wrong: The file is not signed.");
    }

    [Theory]
    [InlineData("../evil.py", "path-outside")]
    [InlineData("/etc/passwd", "path-absolute")]
    [InlineData("a\\b", "path-backslash")]
    public async Task Test_HostileZip_IsRefusedBeforeAnythingIsWritten(string name, string rule)
    {
        File.WriteAllBytes(_folder["p.zip"], new Packages.RawZip().Add(new(name, "x")).Build());
        (await Fail("test", "p.zip")).ShouldContain($": {rule}: ");
        Directory.GetFileSystemEntries(_folder.Path).ShouldBe([_folder["p.zip"]]);
    }

    [Fact]
    public async Task Stubs_EveryPublicName_IsThereWithItsParametersAndTyped()
    {
        const string script = """
            import ast, inspect, pathlib
            import mlops
            stub = ast.parse(pathlib.Path(mlops.__file__).with_name("__init__.pyi").read_text())
            named, problems, checked = set(), [], 0
            for node in stub.body:
                named |= {alias.asname for alias in node.names if alias.asname} if isinstance(node, ast.ImportFrom) else {node.target.id} if isinstance(node, ast.AnnAssign) else {node.name} if isinstance(node, ast.ClassDef) else set()
                for item in node.body if isinstance(node, ast.ClassDef) else ():
                    real = inspect.getattr_static(getattr(mlops, node.name), item.name, None)
                    real = real.fget if isinstance(real, property) else real
                    arguments = item.args.args + item.args.kwonlyargs
                    if real is None or list(inspect.signature(real).parameters) != [a.arg for a in arguments]:
                        problems.append(f"{node.name}.{item.name} is not as the stub says")
                    if item.returns is None or any(a.annotation is None for a in arguments[1:]):
                        problems.append(f"{node.name}.{item.name} has no types")
                    checked += 1
            for owner in (mlops.Client, mlops.MlopsError):
                for name, member in vars(owner).items():
                    if inspect.isfunction(member) and (not name.startswith("_") or name == "__init__"):
                        hints = member.__annotations__
                        missing = [p for p in list(inspect.signature(member).parameters)[1:] + ([] if name == "__init__" else ["return"]) if p not in hints]
                        problems += [f"{owner.__name__}.{name}: {p} has no type" for p in missing]
                        checked += 1
            print(problems, sorted(named) == sorted(mlops.__all__), checked > 20)
            """;
        (await AuthorTool.ScriptAsync(_folder.Path, script)).Trim().ShouldBe("[] True True");
    }

    [Fact]
    public async Task Build_Wheel_HoldsTheWholeModuleAndRunsFromIt()
    {
        string name = (await AuthorTool.ScriptAsync(_folder.Path, $"import sys; sys.path.insert(0, {System.Text.Json.JsonSerializer.Serialize(AuthorTool.Folder)}); import _build; print(_build.build_wheel('.'))")).Trim();
        name.ShouldEndWith("-py3-none-any.whl");
        string found = await AuthorTool.ScriptAsync(
            _folder.Path, "import importlib.metadata, mlops, mlops.__main__ as m; print(mlops.__file__, importlib.metadata.version('mlops')); m.main(['init', 'from-wheel']); m.main(['test', 'from-wheel'])", path: _folder[name]);
        found.ShouldContain($"{name}/mlops/__init__.py 0.1.0");
        found.ShouldContain("golden     3 cases passed");
        using var wheel = System.IO.Compression.ZipFile.OpenRead(_folder[name]);
        wheel.Entries.Select(e => e.FullName).ShouldContain("mlops/py.typed");
        File.ReadAllText(Path.Combine(AuthorTool.Folder, "pyproject.toml")).ShouldContain("version = \"0.1.0\"");
    }

    private async Task<WorkflowPackage> InstallAsync(string package, WorkflowOptions options)
    {
        await using var database = new NodeDatabase(Options.Create(new MlopsOptions { DataFolder = _folder["data"] }));
        using var catalog = new WorkflowCatalog(database, Options.Create(options), new WorkflowRuntimes([new FakeRuntime { Predict = Nearest }]), TimeProvider.System, NullLogger<WorkflowCatalog>.Instance);
        return await catalog.InstallAsync(_folder[package], trusted: false);
    }

    private static object?[] Nearest(Data.RecordBatch batch, int row) => [batch.Column("a").Values<double>()[row] < 0 ? "left" : "right", 1.0];

    private async Task<string> Run(params string[] arguments)
    {
        (int code, string output, string errors) = await AuthorTool.RunAsync(_folder.Path, arguments);
        code.ShouldBe(0, errors);
        return output;
    }

    private async Task<string> Fail(params string[] arguments)
    {
        (int code, _, string errors) = await AuthorTool.RunAsync(_folder.Path, arguments);
        code.ShouldBe(1, errors);
        return errors;
    }
}

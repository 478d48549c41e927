using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Mlops.Hosting;
using Mlops.Sdk.Tests.Runtime;
using Mlops.Store;

namespace Mlops.Workflows;

/// <summary>What a node's own Python has to say about an upload: it is refused whole, and nothing of it stays.</summary>
[Collection(RuntimeCollection.Name)]
#pragma warning disable CA1001 // xunit calls DisposeAsync.
public sealed class InstallInPythonTests(RuntimeFixture fixture) : IAsyncLifetime
#pragma warning restore CA1001
{
    private const string Sample = "a,b,side\n1,2,left\n3,,right\n5,6,left\n";
    private readonly TemporaryFolder _folder = new();
    private NodeDatabase _database = null!;
    private WorkflowCatalog _catalog = null!;

    public Task InitializeAsync()
    {
        _database = new NodeDatabase(Options.Create(new MlopsOptions { DataFolder = _folder["data"] }));
        _catalog = new WorkflowCatalog(
            _database, Options.Create(new WorkflowOptions()), new WorkflowRuntimes([fixture.Create()]), TimeProvider.System, NullLogger<WorkflowCatalog>.Instance);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _catalog.Dispose();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("paste-1.0-py3-none-win_amd64.whl", "wheels/paste-1.0-py3-none-win_amd64.whl: wheel-platform: The wheel is for py3-none-win_amd64; this machine runs Python 3.")]
    [InlineData("paste-1.0-cp399-abi3-any.whl", "wheels/paste-1.0-cp399-abi3-any.whl: wheel-platform:")]
    public async Task InstallAsync_WheelForAnotherPlatform_IsRefused(string wheel, string expected)
    {
        string path = SamplePackage.Folder(_folder, "p");
        Directory.CreateDirectory(Path.Combine(path, "wheels"));
        await File.WriteAllBytesAsync(Path.Combine(path, "wheels", wheel), Wheel());

        string message = await RefusedAsync(path);

        message.ShouldContain(expected);
        message.ShouldContain("Add a wheel with one of the ");
    }

    [Theory]
    [InlineData("no-such-library>=2", "requirement-missing: 'no-such-library>=2' is required, but ")]
    [InlineData("numpy>=99", "requirement-version: 'numpy>=99' is required, but numpy is ")]
    public async Task InstallAsync_RequirementNotMet_IsRefused(string requirement, string expected) =>
        (await RefusedAsync(SamplePackage.Folder(_folder, "p", SamplePackage.Manifest + $"\nrequirements: ['{requirement}']\n"))).ShouldContain($"workflow.yaml: {expected}");

    [Theory]
    [InlineData("workflow.py", "def train(data, params, run):\n    return None\n\ndef predict(model, batch)\n    return []\n", "workflow.py:4: python-syntax: Expected ':'. Correct it for Python 3.")]
    [InlineData("helpers/shape.py", "x = 1\n  y = 2\n", "helpers/shape.py:2: python-syntax: Unexpected indent.")]
    [InlineData("notes.py", "x = '\0'\n", "notes.py: python-syntax: Source code string cannot contain null bytes.")]
    [InlineData("words.py", "# coding: klingon\n", "words.py: python-syntax: Unknown encoding: klingon.")]
    public async Task InstallAsync_CodeThatDoesNotCompile_IsRefusedWithFileAndLine(string file, string code, string expected)
    {
        string path = SamplePackage.Folder(_folder, "p");
        _folder.Write($"p/{file}", code);

        (await RefusedAsync(path)).ShouldContain(expected);
        Finding finding = (await Should.ThrowAsync<WorkflowException>(() => _catalog.CheckAsync(path))).Findings.ShouldHaveSingleItem();
        finding.ToString().ShouldStartWith(expected);
        (int exit, _, string errors) = await Authors.AuthorTool.RunAsync(_folder.Path, "pack", "p");
        (exit, errors.Split('\n')[0]).ShouldBe((1, finding.ToString()));
    }

    [Fact]
    public async Task InstallAsync_CodeThatIsAllBrackets_IsRefusedAndTheNodeGoesOn() =>
        (await RefusedAsync(SamplePackage.Folder(_folder, "p", more: ("deep.py", $"x = {new string('[', 1_000_000)}\n")))).ShouldContain("deep.py:1: python-syntax: Too many nested parentheses.");

    [Fact]
    public async Task InstallAsync_VendoredFileForAnotherPython_IsTaken() =>
        (await _catalog.InstallAsync(SamplePackage.Folder(_folder, "p", more: ("libs/old.py", "print 'once'\n")), trusted: true)).Manifest.Name.ShouldBe("side-of-cut");

    [Fact]
    public async Task InstallAsync_GoldenCaseFails_IsRefusedWithFileCaseAndRemedy() => (await RefusedAsync(SamplePackage.Folder(
        _folder, "p", code: "def train(data, params, run):\n    return 'left'\n\ndef predict(model, batch):\n    return [model] * batch.rows\n",
        more: [("sample.csv", Sample), ("golden.csv", "a,b,expected\n1,2,left\n1,2,right\n")])))
        .ShouldBe("golden.csv: golden-case: The golden case golden.csv:3 failed: 'label' is 'left' where 'right' is expected. The package was not installed. Correct the case if it is wrong, else train on data that covers it.");

    [Theory]
    [InlineData("import os; print('last words', flush=True); os._exit(3)", "ended itself with exit code 3 during the training. Its last output:\nlast words")]
    [InlineData("open(DATABASE)", "train raised PermissionError")]
    [InlineData("import socket; socket.socket()", "train raised PermissionError")]
    [InlineData("open(__file__, 'a').write('# changed')", "train raised PermissionError")]
    public async Task InstallAsync_HostileCodeInItsTrial_IsContainedAndRefused(string deed, string expected)
    {
        string code = $"DATABASE = '{_folder["data/mlops.db"]}'\n\ndef train(data, params, run):\n    {deed}\n\ndef predict(model, batch):\n    return []\n";

        (await RefusedAsync(SamplePackage.Folder(_folder, "p", code: code, more: ("sample.csv", Sample)))).ShouldContain(expected);
    }

    private static byte[] Wheel()
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, string text) in ((string, string)[])[("paste/__init__.py", ""), ("paste-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: paste\nVersion: 1.0\n")])
            {
                using Stream entry = zip.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return memory.ToArray();
    }

    private async Task<string> RefusedAsync(string path)
    {
        string message = (await Should.ThrowAsync<WorkflowException>(() => _catalog.InstallAsync(path, trusted: true))).Message;
        _catalog.List().ShouldBeEmpty();
        Directory.GetFileSystemEntries(_folder["data/workflows"]).ShouldBeEmpty();
        return message;
    }
}

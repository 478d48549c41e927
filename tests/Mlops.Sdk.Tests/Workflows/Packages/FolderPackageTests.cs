namespace Mlops.Workflows.Packages;

public sealed class FolderPackageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_Folder_ListsFilesAndLeavesCachesOut()
    {
        string package = SamplePackage.Folder(_folder, "p", more: [("libs/a.py", "x"), ("libs/__pycache__/a.pyc", ""), (".git/HEAD", ""), ("golden.csv", "")]);
        using PackageSource source = PackageSource.Open(package, new WorkflowOptions());
        source.Findings.ShouldBeEmpty();
        source.Files.Select(f => f.Path).ShouldBe(["golden.csv", "workflow.py", "workflow.yaml", "libs/a.py"]);
    }

    [Fact]
    public void Open_LinkToAFileInside_IsFollowed()
    {
        string package = SamplePackage.Folder(_folder, "p", more: ("libs/a.py", "content"));
        File.CreateSymbolicLink(Path.Combine(package, "b.py"), "libs/a.py");
        using PackageSource source = PackageSource.Open(package, new WorkflowOptions());
        source.Findings.ShouldBeEmpty();
        using var reader = new StreamReader(source.Files.Single(f => f.Path == "b.py").Open());
        reader.ReadToEnd().ShouldBe("content");
    }

    [Theory]
    [InlineData("/etc/passwd", "link-outside")]
    [InlineData("../outside.py", "link-outside")]
    [InlineData("libs/../../outside.py", "link-outside")]
    [InlineData("way-out/outside.py", "link-outside")]
    [InlineData("nowhere.py", "link-outside")]
    [InlineData("link.py", "link-outside")]
    [InlineData("libs", "link-folder")]
    public void Open_OtherLinks_AreRefused(string target, string rule)
    {
        _folder.Write("outside.py", "secret");
        string package = SamplePackage.Folder(_folder, "p", more: ("libs/a.py", ""));
        Directory.CreateSymbolicLink(Path.Combine(package, "way-out"), "..");
        File.CreateSymbolicLink(Path.Combine(package, "link.py"), target);
        using PackageSource source = PackageSource.Open(package, new WorkflowOptions());
        source.Findings.Single(f => f.File == "link.py").Rule.ShouldBe(rule);
        source.Findings.Single(f => f.File == "way-out").Rule.ShouldBe("link-outside");
        source.Files.ShouldNotContain(f => f.Path.Contains("link", StringComparison.Ordinal) || f.Path.Contains("outside", StringComparison.Ordinal));
    }

    [Fact]
    public void Open_FolderThatIsItselfALink_IsTaken()
    {
        string package = SamplePackage.Folder(_folder, "p", more: ("libs/a.py", ""));
        File.CreateSymbolicLink(Path.Combine(package, "b.py"), "libs/a.py");
        Directory.CreateSymbolicLink(_folder["current"], package);
        using PackageSource source = PackageSource.Open(_folder["current"], new WorkflowOptions());
        source.Findings.ShouldBeEmpty();
        source.Files.Count.ShouldBe(4);
    }

    [Fact]
    public void Open_Nothing_SaysWhatToName() =>
        Should.Throw<WorkflowException>(() => PackageSource.Open(_folder["none"], new WorkflowOptions())).Message.ShouldContain("Name a zip file or a folder");
}

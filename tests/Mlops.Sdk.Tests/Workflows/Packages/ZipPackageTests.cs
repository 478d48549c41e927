using System.Text;
using static Mlops.Workflows.Packages.RawZip;

namespace Mlops.Workflows.Packages;

public sealed class ZipPackageTests : IDisposable
{
    private static readonly WorkflowOptions Limits = new() { MaxFiles = 5, MaxFileBytes = 4 << 20, MaxTotalBytes = 6 << 20, MaxRatio = 50 };
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string, string> HostileEntries => new()
    {
        { "../evil.py", "path-outside", "../evil.py" },
        { "libs/../../evil.py", "path-outside", "libs/../../evil.py" },
        { "/etc/passwd", "path-absolute", "/etc/passwd" },
        { "..\\evil.py", "path-backslash", "..\\evil.py" },
        { "libs\\a.py", "path-backslash", "libs\\a.py" },
        { "C:/evil.py", "path-drive", "C:/evil.py" },
        { "C:evil.py", "path-drive", "C:evil.py" },
        { "a.py:stream", "path-drive", "a.py:stream" },
        { "./a.py", "path-parts", "./a.py" },
        { "libs//a.py", "path-parts", "libs//a.py" },
        { "libs/nul", "path-portable", "libs/nul" },
        { "COM1.txt", "path-portable", "COM1.txt" },
        { "a.py.", "path-portable", "a.py." },
        { "a?.py", "path-portable", "a?.py" },
        { "a\u0001.py", "path-characters", "a?.py" },
        { "a\n.py", "path-characters", "a?.py" },
        { "", "path-empty", "" },
        { $"{new string('a', 250)}.py", "path-length", new string('a', 60) + "…" },
    };

    public static TheoryData<string, uint, ushort> HostileTypes => new()
    {
        { "zip-link", 0xA1FF0000, 0 },
        { "zip-link", 0x00000400, 0 },
        { "zip-device", 0x21A40000, 0 },
        { "zip-device", 0x61A40000, 0 },
        { "zip-device", 0x11A40000, 0 },
        { "zip-device", 0xC1A40000, 0 },
        { "zip-device", 0x41ED0000, 0 },
        { "zip-encrypted", 0x81A40000, 1 },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(HostileEntries))]
    public void Open_HostilePath_IsRefused(string name, string rule, string shown)
    {
        Finding finding = FindingsOf(new RawZip().Add(new Entry("workflow.yaml", "")).Add(new Entry(name, "x"))).ShouldHaveSingleItem();
        (finding.Rule, finding.File).ShouldBe((rule, shown));
    }

    [Theory]
    [MemberData(nameof(HostileTypes))]
    public void Open_HostileType_IsRefused(string rule, uint attributes, ushort flags)
    {
        Finding finding = FindingsOf(new RawZip().Add(new Entry("a.py", "/etc/passwd") { Attributes = attributes, Flags = flags })).ShouldHaveSingleItem();
        (finding.Rule, finding.File).ShouldBe((rule, "a.py"));
    }

    [Theory]
    [InlineData("a.py", "a.py", "file-duplicate")]
    [InlineData("a.py", "A.PY", "file-collision")]
    [InlineData("libs/a.py", "LIBS/b.py", "file-collision")]
    [InlineData("\u00e4.py", "\u00c4.py", "file-collision")]
    [InlineData("a", "a/b.py", "file-collision")]
    [InlineData("a/b.py", "A", "file-collision")]
    public void Open_NamesThatMeet_AreRefused(string first, string second, string rule)
    {
        Finding finding = FindingsOf(new RawZip().Add(new Entry(first, "x")).Add(new Entry(second, "y"))).ShouldHaveSingleItem();
        finding.Rule.ShouldBe(rule);
    }

    [Fact]
    public void Open_SeveralFaults_AreToldAtOnce()
    {
        var zip = new RawZip().Add(new Entry("../a", "")).Add(new Entry("b", "") { Flags = 1 }).Add(new Entry("c", "")).Add(new Entry("C", ""));
        FindingsOf(zip).Select(f => f.Rule).ShouldBe(["path-outside", "zip-encrypted", "file-collision"]);
    }

    [Fact]
    public void Open_TooManyFiles_IsRefusedOnce()
    {
        var zip = new RawZip();
        for (int i = 0; i < 30; i++)
            zip.Add(new Entry($"f{i}", "x"));
        FindingsOf(zip).ShouldAllBe(f => f.Rule == "package-files");
    }

    [Fact]
    public void Open_TooLargeFile_IsRefused() =>
        FindingsOf(new RawZip().Add(new Entry("a", "x") { Length = 5 << 20, Packed = new byte[1 << 20] })).ShouldHaveSingleItem().Rule.ShouldBe("file-size");

    [Fact]
    public void Open_TooLargeTogether_IsRefusedOnce()
    {
        var zip = new RawZip();
        for (int i = 0; i < 4; i++)
            zip.Add(new Entry($"f{i}", "x") { Length = 2 << 20, Packed = new byte[1 << 20] });
        FindingsOf(zip).ShouldHaveSingleItem().Rule.ShouldBe("package-size");
    }

    [Fact]
    public void Open_Bomb_IsRefusedByItsRatio() =>
        FindingsOf(new RawZip().Add(new Entry("a", new byte[3 << 20], deflated: true))).ShouldHaveSingleItem().Rule.ShouldBe("zip-ratio");

    [Fact]
    public void Open_SmallFileOfBlanks_IsTaken() => FindingsOf(new RawZip().Add(new Entry("a", new byte[500_000], deflated: true))).ShouldBeEmpty();

    [Theory]
    [InlineData("")]
    [InlineData("PK")]
    [InlineData("this is no zip file at all, and long enough to search for a directory in it")]
    public void Open_NotAZip_IsRefused(string text) => FindingsOf(Encoding.UTF8.GetBytes(text)).ShouldHaveSingleItem().Rule.ShouldBe("zip-damaged");

    [Fact]
    public void Open_Cut_IsRefused() => FindingsOf(new RawZip().Add(new Entry("a", "x")).Build()[..^8]).ShouldHaveSingleItem().Rule.ShouldBe("zip-damaged");

    [Fact]
    public void Open_CachesAndEditorFiles_AreLeftOut()
    {
        byte[] zip = SamplePackage.Zip(
            ("workflow.py", ""), ("__pycache__/workflow.cpython-311.pyc", ""), ("libs/__pycache__/x.pyc", ""), (".git/config", ""), (".vscode/settings.json", ""),
            ("__MACOSX/._workflow.py", ""), (".DS_Store", ""), ("workflow.py~", ""), (".workflow.py.swp", ""), ("libs/", ""), ("libs/a.py", ""));
        using PackageSource source = Open(zip);
        source.Findings.ShouldBeEmpty();
        source.Files.Select(f => f.Path).ShouldBe(["workflow.py", "libs/a.py"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Copy_WrongChecksum_IsRefused(bool deflated) =>
        CopyFindings(new RawZip().Add(new Entry("a.py", "print(1)", deflated) { Crc = 1 })).ShouldHaveSingleItem().Rule.ShouldBe("file-damaged");

    [Fact]
    public void Copy_MoreThanAnnounced_IsRefusedWithoutWritingIt()
    {
        var entry = new Entry("a.py", new byte[200_000], deflated: true);
        CopyFindings(new RawZip().Add(entry with { Length = 10 })).ShouldHaveSingleItem().Rule.ShouldBe("file-damaged");
    }

    [Fact]
    public void Copy_LessThanAnnounced_IsRefused()
    {
        var entry = new Entry("a.py", new byte[100], deflated: true);
        CopyFindings(new RawZip().Add(entry with { Length = 101 })).ShouldHaveSingleItem().Rule.ShouldBe("file-damaged");
    }

    [Fact]
    public void Copy_DamagedStream_IsRefused()
    {
        var entry = new Entry("a.py", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 500))), deflated: true);
        byte[] packed = [.. entry.Packed.Select((b, i) => i > 20 ? (byte)~b : b)];
        CopyFindings(new RawZip().Add(entry with { Packed = packed })).ShouldHaveSingleItem().Rule.ShouldBe("file-damaged");
    }

    [Fact]
    public void OpenAndCopy_MutatedZip_GivesFindingsOrFilesAndNeverThrows()
    {
        byte[] good = SamplePackage.Zip(("workflow.yaml", SamplePackage.Manifest), ("workflow.py", SamplePackage.Code), ("libs/a.py", "x"));
        var random = new Random(4711);
        int refused = 0;
        for (int round = 0; round < 500; round++)
        {
            byte[] bytes = [.. good];
            for (int edits = random.Next(1, 6); edits > 0; edits--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(5) == 0)
                bytes = bytes[..random.Next(bytes.Length)];
            refused += CopyFindings(bytes).Count > 0 ? 1 : 0;
            Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).ShouldBe([_folder["p.zip"]]);
        }

        refused.ShouldBeInRange(1, 500);
    }

    private List<Finding> CopyFindings(RawZip zip) => CopyFindings(zip.Build());

    private List<Finding> CopyFindings(byte[] zip)
    {
        using PackageSource source = Open(zip);
        if (source.Findings.Count > 0)
            return [.. source.Findings];
        var findings = new List<Finding>();
        PackageStaging.Copy(source, _folder["staged"], findings, CancellationToken.None).Dispose();
        findings.ShouldAllBe(f => f.File.Length > 0 && f.Problem.Length > 0 && f.Remedy.Length > 0);
        return findings;
    }

    private IReadOnlyList<Finding> FindingsOf(RawZip zip) => FindingsOf(zip.Build());

    private IReadOnlyList<Finding> FindingsOf(byte[] zip)
    {
        using PackageSource source = Open(zip);
        source.Findings.ShouldAllBe(f => f.Problem.Length > 0 && f.Remedy.Length > 0);
        return source.Findings;
    }

    private PackageSource Open(byte[] zip)
    {
        File.WriteAllBytes(_folder["p.zip"], zip);
        return PackageSource.Open(_folder["p.zip"], Limits);
    }
}

using System.Security.Cryptography;
using System.Text;

namespace Mlops.Workflows.Packages;

public sealed class FileDigestsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Combine_IsWhatSha256SumPrints_InByteOrder()
    {
        // By UTF-16 the emoji would come before U+FF21, by bytes it comes after.
        string lines = "bb  A.py\naa  a.py\ncc  a/b.py\ndd  \uFF21\nee  😀\n";
        string expected = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines)));
        FileDigests.Combine([("😀", "ee"), ("a/b.py", "cc"), ("a.py", "aa"), ("\uFF21", "dd"), ("A.py", "bb")]).ShouldBe(expected);
    }

    [Fact]
    public void Combine_Signature_IsNotPartOfWhatItSigns() =>
        FileDigests.Combine([("a", "1"), ("SIGNATURE", "2")]).ShouldBe(FileDigests.Combine([("a", "1")]));

    [Fact]
    public void Combine_OtherNameOrContent_GivesAnother()
    {
        string digest = FileDigests.Combine([("a", "1"), ("b", "2")]);
        digest.ShouldNotBe(FileDigests.Combine([("a", "2"), ("b", "1")]));
        digest.ShouldNotBe(FileDigests.Combine([("a", "1"), ("c", "2")]));
        digest.ShouldNotBe(FileDigests.Combine([("a", "1")]));
    }

    [Fact]
    public void ZipAndFolderOfSameFiles_HaveTheSameDigest_WhateverOrderAndCaches()
    {
        string package = SamplePackage.Folder(_folder, "p", more: [("libs/a.py", "x"), ("__pycache__/w.pyc", "cache")]);
        File.WriteAllBytes(_folder["p.zip"], SamplePackage.Zip(("libs/a.py", "x"), ("workflow.yaml", SamplePackage.Manifest), ("workflow.py", SamplePackage.Code)));

        string fromFolder = Staged(package), fromZip = Staged(_folder["p.zip"]);
        fromFolder.ShouldBe(fromZip);
        Directory.Delete(Path.Combine(package, "__pycache__"), recursive: true);
        FileDigests.OfFolder(package).ShouldBe((fromFolder, 3));
    }

    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xCBF43926u)]
    public void Crc32_KnownValues_AreMet(string text, uint expected)
    {
        var crc = new Crc32();
        crc.Append(Encoding.ASCII.GetBytes(text));
        crc.Value.ShouldBe(expected);
    }

    private string Staged(string path)
    {
        using PackageSource source = PackageSource.Open(path, new WorkflowOptions());
        using StagedPackage staged = PackageStaging.Copy(source, _folder["staged"], [], CancellationToken.None);
        return staged.Digest;
    }
}

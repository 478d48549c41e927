using System.Security.Cryptography;
using Mlops.Workflows.Packages;

namespace Mlops.Workflows.Signing;

public sealed class SignatureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly WorkflowOptions _options = new();

    public SignatureTests()
    {
        _options.TrustedKeys["alice"] = _key.ExportSubjectPublicKeyInfoPem();
        SamplePackage.Folder(_folder, "p");
    }

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(SignaturePolicy.Warn, false, "signature-missing", false)]
    [InlineData(SignaturePolicy.Require, false, "signature-missing", true)]
    [InlineData(SignaturePolicy.Ignore, false, null, false)]
    [InlineData(SignaturePolicy.Require, true, null, false)]
    public void Check_NoSignature_IsJudgedByThePolicy(SignaturePolicy policy, bool trusted, string? rule, bool refused) => ShouldBe(Check(policy, trusted), null, rule, refused);

    [Theory]
    [InlineData(SignaturePolicy.Warn, "signature-unknown-key", false)]
    [InlineData(SignaturePolicy.Require, "signature-unknown-key", true)]
    [InlineData(SignaturePolicy.Ignore, null, false)]
    public void Check_UnknownKey_IsJudgedByThePolicyAndNamesTheKnown(SignaturePolicy policy, string? rule, bool refused)
    {
        Sign("bob");
        (string?, Finding? Warning, List<Finding> Refused) result = Check(policy);
        ShouldBe(result, null, rule, refused);
        if (rule is not null)
            (result.Warning ?? result.Refused[0]).ToString().ShouldBe("SIGNATURE: signature-unknown-key: The key 'bob' is not trusted here. Trusted: alice. Add its public key, or let a trusted one sign.");
    }

    [Theory]
    [InlineData(SignaturePolicy.Warn, true)]
    [InlineData(SignaturePolicy.Require, true)]
    [InlineData(SignaturePolicy.Ignore, false)]
    public void Check_TrustedKey_VouchesForThePackage(SignaturePolicy policy, bool vouches)
    {
        Sign("alice");
        ShouldBe(Check(policy), vouches ? "alice" : null, null, false);
    }

    [Theory]
    [InlineData(SignaturePolicy.Warn)]
    [InlineData(SignaturePolicy.Require)]
    public void Check_FilesChanged_AreEachRefusedEvenWhereTheHostVouches(SignaturePolicy policy)
    {
        _folder.Write("p/libs/gone.py", "x");
        Sign("alice");
        _folder.Write("p/workflow.py", "changed");
        _folder.Write("p/added.py", "x");
        File.Delete(_folder["p/libs/gone.py"]);
        (string? key, _, List<Finding> refused) = Check(policy, trusted: true);
        key.ShouldBeNull();
        refused.Select(f => (f.File, f.Rule, f.Problem)).ShouldBe(
        [
            ("added.py", "signature-wrong", "The file is not signed."),
            ("libs/gone.py", "signature-wrong", "The file is signed but missing."),
            ("workflow.py", "signature-wrong", "The file has changed since it was signed."),
        ]);
    }

    [Fact]
    public void Check_ByAnotherKeyUnderAliceName_IsRefused()
    {
        using var mallory = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Sign("alice", mallory);
        Check(SignaturePolicy.Warn).Refused.ShouldHaveSingleItem().Problem.ShouldBe("The signature is not by the key 'alice'.");
    }

    [Theory]
    [InlineData("", "signature-format")]
    [InlineData("mlops-signature 2\nkey alice\nsignature AAAA\n", "signature-format")]
    [InlineData("mlops-signature 1\nkey alice\nsignature A*A\n", "signature-format")]
    [InlineData("mlops-signature 1\nkey ../alice\nsignature AAAA\n", "signature-format")]
    [InlineData("mlops-signature 1\nkey alice\nnothing\nsignature AAAA\n", "signature-format")]
    [InlineData("mlops-signature 1\nkey alice\nsignature AAAA\n", "signature-wrong")]
    [InlineData("mlops-signature 1\nkey alice\nsignature \n", "signature-wrong")]
    public void Check_OtherText_IsRefused(string text, string rule)
    {
        _folder.Write("p/SIGNATURE", text);
        Check(SignaturePolicy.Warn).Refused.ShouldHaveSingleItem().Rule.ShouldBe(rule);
    }

    [Fact]
    public void Check_EveryByteChanged_NeverVouches()
    {
        Sign("alice");
        byte[] good = File.ReadAllBytes(_folder["p/SIGNATURE"]);
        using StagedPackage package = Stage();
        var keys = new TrustedKeys(_options, _folder.Path);
        for (int at = 0; at < good.Length - 1; at++)
        {
            byte[] bytes = [.. good];
            bytes[at] ^= 1;
            File.WriteAllBytes(Path.Combine(package.Folder, "SIGNATURE"), bytes);
            var findings = new List<Finding>();
            SignatureCheck.Check(package, keys, SignaturePolicy.Require, trusted: false, findings).Key.ShouldBeNull($"byte {at}");
            findings.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public void Find_KeysOfTheFolder_AreThereAsSoonAsTheirFilesAre()
    {
        var keys = new TrustedKeys(_options, _folder.Path);
        keys.Find("carol").ShouldBeNull();
        _folder.Write("keys/carol.pub", _key.ExportSubjectPublicKeyInfoPem());
        using ECDsa? carol = keys.Find("carol");
        carol.ShouldNotBeNull();
        keys.Names.ShouldBe(["alice", "carol"]);
    }

    [Fact]
    public void Find_KeyThatIsNone_SaysWhichAndWhatToGive()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        _options.TrustedKeys["p384"] = other.ExportSubjectPublicKeyInfoPem();
        _options.TrustedKeys["nowhere"] = "no-such-file.pem";
        var keys = new TrustedKeys(_options, _folder.Path);
        Should.Throw<WorkflowException>(() => keys.Find("p384")).Message.ShouldContain("'p384' cannot be used: it is of another curve than P-256.");
        Should.Throw<WorkflowException>(() => keys.Find("nowhere")).Message.ShouldContain("'nowhere' cannot be used");
    }

    private void Sign(string name, ECDsa? key = null)
    {
        using StagedPackage package = Stage();
        _folder.Write("p/SIGNATURE", PackageSignature.Create(name, key ?? _key, package.Digests.Select(d => (d.Key, d.Value))));
    }

    private (string? Key, Finding? Warning, List<Finding> Refused) Check(SignaturePolicy policy, bool trusted = false)
    {
        var findings = new List<Finding>();
        using StagedPackage package = Stage();
        (string? key, Finding? warning) = SignatureCheck.Check(package, new TrustedKeys(_options, _folder.Path), policy, trusted, findings);
        return (key, warning, findings);
    }

    private StagedPackage Stage()
    {
        using PackageSource source = PackageSource.Open(_folder["p"], _options);
        return PackageStaging.Copy(source, _folder["staged"], [], CancellationToken.None);
    }

    private static void ShouldBe((string? Key, Finding? Warning, List<Finding> Refused) result, string? key, string? rule, bool refused)
    {
        result.Key.ShouldBe(key);
        result.Warning?.Rule.ShouldBe(refused ? null : rule);
        result.Refused.Select(f => f.Rule).ShouldBe(refused ? [rule!] : []);
        (result.Warning is not null || refused).ShouldBe(rule is not null);
    }
}

using System.Security.Cryptography;
using System.Text;
using Mlops.Workflows.Packages;

namespace Mlops.Workflows.Signing;

/// <summary>Finds out who vouches for a staged package, and what the node's policy says about it.</summary>
internal static class SignatureCheck
{
    private const string SignAgain = "Sign the package again, after the last change: python -m mlops sign.";
    private const long MaxLength = 4 * 1024 * 1024;

    /// <summary>Checks.</summary>
    /// <param name="package">The package.</param>
    /// <param name="keys">The trusted keys.</param>
    /// <param name="policy">The node's policy.</param>
    /// <param name="trusted">Whether the host vouches for the package itself; then it needs no signature.</param>
    /// <param name="findings">Takes what the policy refuses.</param>
    /// <param name="thing">What it is, for messages.</param>
    /// <param name="again">What helps when it is not as it was signed.</param>
    /// <returns>The name of the trusted key, when one has signed it; and what is to be warned of.</returns>
    public static (string? Key, Finding? Warning) Check(StagedPackage package, TrustedKeys keys, SignaturePolicy policy, bool trusted, List<Finding> findings, string thing = "package", string again = SignAgain)
    {
        if (policy == SignaturePolicy.Ignore)
            return default;
        if (!package.Files.Contains(FileDigests.SignatureFile))
            return Unless(trusted, policy, "signature-missing", $"The {thing} is not signed.", again == SignAgain ? "Sign it by a key that this node trusts: python -m mlops sign." : again, findings);
        if (Read(package) is not { } signature)
            return Refuse(FileDigests.SignatureFile, "signature-format", "This is not a signature of version 1.", again, findings);
        using ECDsa? key = keys.Find(signature.Key);
        if (key is null)
        {
            string known = keys.Names is { Count: > 0 } names ? string.Join(", ", names) : "none";
            return Unless(trusted, policy, "signature-unknown-key", $"The key {FindingList.Quote(signature.Key)} is not trusted here.", $"Trusted: {known}. Add its public key, or let a trusted one sign.", findings);
        }

        if (!signature.IsBy(key))
            return Refuse(FileDigests.SignatureFile, "signature-wrong", $"The signature is not by the key {FindingList.Quote(signature.Key)}.", again, findings);
        int before = findings.Count;
        foreach (string path in signature.Files.Keys.Union(package.Files).Where(p => p != FileDigests.SignatureFile).Order(StringComparer.Ordinal))
        {
            string? signed = signature.Files.GetValueOrDefault(path), there = package.Digests.GetValueOrDefault(path);
            if (signed != there)
                Refuse(path, "signature-wrong", $"The file {(signed is null ? "is not signed" : there is null ? "is signed but missing" : "has changed since it was signed")}.", again, findings);
        }

        return findings.Count == before ? (signature.Key, null) : default;
    }

    private static PackageSignature? Read(StagedPackage package)
    {
        string path = Path.Combine(package.Folder, FileDigests.SignatureFile);
        return new FileInfo(path).Length <= MaxLength && PackageSignature.TryParse(File.ReadAllText(path, Encoding.UTF8), out PackageSignature? signature) ? signature : null;
    }

    private static (string?, Finding?) Unless(bool trusted, SignaturePolicy policy, string rule, string problem, string remedy, List<Finding> findings)
    {
        var finding = new Finding(FileDigests.SignatureFile, null, rule, problem, remedy);
        if (trusted)
            return default;
        if (policy != SignaturePolicy.Require)
            return (null, finding);
        findings.Add(finding);
        return default;
    }

    private static (string?, Finding?) Refuse(string file, string rule, string problem, string again, List<Finding> findings)
    {
        findings.Add(new Finding(FindingList.Quote(file)[1..^1], null, rule, problem, again));
        return default;
    }
}

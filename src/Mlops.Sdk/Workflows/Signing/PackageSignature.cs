using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Mlops.Workflows.Packages;

namespace Mlops.Workflows.Signing;

/// <summary>
/// The file <c>SIGNATURE</c>: <c>mlops-signature 1</c>, <c>key NAME</c>, one line a file as <see cref="FileDigests.Listing"/> has
/// it, and <c>signature BASE64</c>: ECDSA P-256 with SHA-256, in DER, over the UTF-8 bytes of all lines before. openssl can check it.
/// </summary>
internal sealed partial record PackageSignature(string Key, byte[] Signed, byte[] Signature, IReadOnlyDictionary<string, string> Files)
{
    private const string FirstLine = "mlops-signature 1";
    private const string LastLine = "\nsignature ";

    /// <summary>Reads the file; anything that is not of this version and form gives nothing.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PackageSignature? signature)
    {
        signature = null;
        int last = text.LastIndexOf(LastLine, StringComparison.Ordinal);
        string[] lines = last < 0 ? [] : text[..last].Split('\n');
        if (lines.Length < 2 || lines[0] != FirstLine || !KeyLine().IsMatch(lines[1]))
            return false;
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in lines.Skip(2))
        {
            if (!FileLine().IsMatch(line) || !files.TryAdd(line[66..], line[..64]))
                return false;
        }

        string base64 = text[(last + LastLine.Length)..].Trim();
        if (!Base64.IsValid(base64))
            return false;
        signature = new PackageSignature(lines[1]["key ".Length..], Encoding.UTF8.GetBytes(text[..(last + 1)]), Convert.FromBase64String(base64), files);
        return true;
    }

    /// <summary>Signs files.</summary>
    /// <returns>The text of the file.</returns>
    public static string Create(string key, ECDsa privateKey, IEnumerable<(string Path, string Sha256)> files)
    {
        string signed = $"{FirstLine}\nkey {key}\n{FileDigests.Listing(files)}";
        byte[] signature = privateKey.SignData(Encoding.UTF8.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return $"{signed}signature {Convert.ToBase64String(signature)}\n";
    }

    public bool IsBy(ECDsa publicKey) => publicKey.VerifyData(Signed, Signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    [GeneratedRegex(@"^key [A-Za-z0-9][A-Za-z0-9._@-]{0,99}\z", RegexOptions.CultureInvariant)]
    private static partial Regex KeyLine();

    [GeneratedRegex(@"^[0-9a-f]{64}  [^\n]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex FileLine();
}

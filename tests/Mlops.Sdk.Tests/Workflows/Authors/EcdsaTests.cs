using System.Security.Cryptography;
using System.Text;

namespace Mlops.Workflows.Authors;

/// <summary>The plain-Python ECDSA of the authors' command, against published vectors and the framework's own.</summary>
public sealed class EcdsaTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // RFC 6979, A.2.5: curve P-256, SHA-256.
    [Theory]
    [InlineData("sample", "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716", "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8")]
    [InlineData("test", "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367", "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083")]
    public async Task SignPlain_PublishedVector_GivesItsSignature(string message, string r, string s)
    {
        string script = $"""
            from mlops import _ecdsa
            d = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
            signature = _ecdsa.sign_plain(d, b"{message}")
            print(*("%064X" % number for number in _ecdsa._read_signature(signature)))
            point = _ecdsa._multiply(d, _ecdsa._G)
            print(_ecdsa.verify_plain(point, b"{message}", signature), _ecdsa.verify_plain(point, b"other", signature))
            """;
        (await AuthorTool.ScriptAsync(_folder.Path, script)).Trim().ShouldBe($"{r} {s}\nTrue False");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SignAndVerify_BothLanguages_TakeEachOthersKeysAndSignatures(bool hidePackage)
    {
        // Without the package cryptography the plain version is what runs.
        string hide = hidePackage ? "import sys; sys.modules['cryptography'] = None; sys.modules['cryptography.hazmat.primitives'] = None; sys.modules['cryptography.exceptions'] = None\n" : "";
        using var ours = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] message = Encoding.UTF8.GetBytes("mlops-signature 1\nkey a\n");
        string input = string.Join('\n', Convert.ToHexString(message), Convert.ToHexString(ours.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
            Hex(ours.ExportSubjectPublicKeyInfoPem()), Hex(ours.ExportPkcs8PrivateKeyPem()), Hex(ours.ExportECPrivateKeyPem()));
        string[] answer = (await AuthorTool.ScriptAsync(_folder.Path, hide + """
            import sys
            from mlops import _ecdsa
            message, signature, public, private, sec1 = [bytes.fromhex(line) for line in sys.stdin.read().split()]
            public, private, sec1 = public.decode(), private.decode(), sec1.decode()
            print(_ecdsa.verify(public, message, signature), _ecdsa.verify(public, message + b"x", signature), _ecdsa.verify(public, message, signature[:-1] + bytes([signature[-1] ^ 1])))
            print(_ecdsa.sign(private, message).hex())
            print(_ecdsa.sign(sec1, message).hex())
            own, own_public = _ecdsa.generate()
            print(own_public.encode().hex())
            print(own.encode().hex())
            print(_ecdsa.sign(own, message).hex())
            """, input)).Trim().Split('\n');

        answer[0].ShouldBe("True False False");
        Verifies(ours, message, answer[1]);
        Verifies(ours, message, answer[2]);
        using var theirs = ECDsa.Create();
        theirs.ImportFromPem(Encoding.ASCII.GetString(Convert.FromHexString(answer[3])));
        Verifies(theirs, message, answer[5]);
        using var theirPrivate = ECDsa.Create();
        theirPrivate.ImportFromPem(Encoding.ASCII.GetString(Convert.FromHexString(answer[4])));
        theirs.VerifyData(message, theirPrivate.SignData(message, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256).ShouldBeTrue();
    }

    private static string Hex(string text) => Convert.ToHexString(Encoding.ASCII.GetBytes(text));

    private static void Verifies(ECDsa key, byte[] message, string signature) =>
        key.VerifyData(message, Convert.FromHexString(signature), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence).ShouldBeTrue();
}

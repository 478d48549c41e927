using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Security;

/// <summary>RSA as a policy wants it: the own private key and the server's public one.</summary>
internal sealed class AsymmetricCipher : IDisposable
{
    private readonly SecurityPolicy _policy;
    private readonly RSA _own;
    private readonly RSA _theirs;

    public AsymmetricCipher(SecurityPolicy policy, X509Certificate2 own, X509Certificate2 theirs)
    {
        _policy = policy;
        _own = own.GetRSAPrivateKey() ?? throw new UaException(StatusCodes.BadCertificateInvalid, $"The application's certificate '{own.Subject}' has no RSA private key.");
        _theirs = theirs.GetRSAPublicKey() ?? throw new UaException(StatusCodes.BadCertificateInvalid, $"The server's certificate '{theirs.Subject}' has no RSA key; the policy {policy} needs one.");
    }

    /// <summary>Gets the bytes of a signature of ours.</summary>
    public int OwnSignatureLength => _own.KeySize / 8;

    public int TheirSignatureLength => _theirs.KeySize / 8;

    /// <summary>Gets the bytes that fit into a block for the server.</summary>
    public int PlainBlock => (_theirs.KeySize / 8) - _policy.EncryptionOverhead;

    public int CipherBlock => _theirs.KeySize / 8;

    /// <summary>Gets the bytes in which the length of padding for the server is written (OPC 10000-6, 6.7.2.5).</summary>
    public int PaddingLengthBytes => _theirs.KeySize > 2048 ? 2 : 1;

    public int OwnPaddingLengthBytes => _own.KeySize > 2048 ? 2 : 1;

    public byte[] Sign(ReadOnlySpan<byte> data) => _own.SignData(data, HashAlgorithmName.SHA256, _policy.SignaturePadding);

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => _theirs.VerifyData(data, signature, HashAlgorithmName.SHA256, _policy.SignaturePadding);

    /// <summary>Encrypts for the server; the length must be a multiple of <see cref="PlainBlock"/>, or <paramref name="anyLength"/>.</summary>
    public byte[] Encrypt(ReadOnlySpan<byte> plain, bool anyLength = false)
    {
        int blocks = (plain.Length + PlainBlock - 1) / PlainBlock;
        if (!anyLength && blocks * PlainBlock != plain.Length)
            throw new ArgumentException("The padding is wrong.", nameof(plain));
        var cipher = new byte[blocks * CipherBlock];
        for (int i = 0; i < blocks; i++)
            _theirs.Encrypt(plain[(i * PlainBlock)..Math.Min((i + 1) * PlainBlock, plain.Length)], cipher.AsSpan(i * CipherBlock), _policy.EncryptionPadding);
        return cipher;
    }

    public byte[] Decrypt(ReadOnlySpan<byte> cipher)
    {
        int block = _own.KeySize / 8;
        if (cipher.Length == 0 || cipher.Length % block != 0)
            throw new UaException(StatusCodes.BadSecurityChecksFailed, "The server's answer is not encrypted with the key of the application's certificate.");
        var plain = new byte[cipher.Length];
        int length = 0;
        try
        {
            for (int i = 0; i < cipher.Length; i += block)
                length += _own.Decrypt(cipher.Slice(i, block), plain.AsSpan(length), _policy.EncryptionPadding);
        }
        catch (CryptographicException error)
        {
            throw new UaException(StatusCodes.BadSecurityChecksFailed, "The server's answer cannot be decrypted with the key of the application's certificate.", error);
        }

        return plain[..length];
    }

    public void Dispose()
    {
        _own.Dispose();
        _theirs.Dispose();
    }
}

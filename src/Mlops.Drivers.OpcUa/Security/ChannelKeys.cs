using System.Security.Cryptography;

namespace Mlops.Drivers.OpcUa.Security;

/// <summary>The keys of one direction of a secure channel, made from both sides' nonces (OPC 10000-6, 6.7.5).</summary>
internal sealed class ChannelKeys : IDisposable
{
    private readonly byte[] _signing;
    private readonly byte[] _vector;
    private readonly Aes _aes;

    private ChannelKeys(byte[] signing, byte[] encryption, byte[] vector)
    {
        _signing = signing;
        _vector = vector;
        _aes = Aes.Create();
        _aes.Key = encryption;
    }

    /// <summary>Derives the keys with which the owner of <paramref name="seed"/> sends.</summary>
    public static ChannelKeys Derive(SecurityPolicy policy, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> seed)
    {
        byte[] bytes = Expand(secret, seed, SecurityPolicy.SignatureKeyLength + policy.EncryptionKeyLength + SecurityPolicy.BlockLength);
        int encryption = SecurityPolicy.SignatureKeyLength + policy.EncryptionKeyLength;
        return new ChannelKeys(bytes[..SecurityPolicy.SignatureKeyLength], bytes[SecurityPolicy.SignatureKeyLength..encryption], bytes[encryption..]);
    }

    public void Sign(ReadOnlySpan<byte> data, Span<byte> signature) => HMACSHA256.HashData(_signing, data, signature);

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        Span<byte> own = stackalloc byte[SecurityPolicy.SignatureLength];
        Sign(data, own);
        return CryptographicOperations.FixedTimeEquals(own, signature);
    }

    /// <summary>Encrypts in place; the length must be a multiple of the block.</summary>
    public void Encrypt(Span<byte> data) => _aes.EncryptCbc(data, _vector, data, PaddingMode.None);

    public void Decrypt(Span<byte> data) => _aes.DecryptCbc(data, _vector, data, PaddingMode.None);

    public void Dispose() => _aes.Dispose();

    /// <summary>P_SHA256 of RFC 5246, 5.</summary>
    internal static byte[] Expand(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> seed, int length)
    {
        var result = new byte[length];
        byte[] a = HMACSHA256.HashData(secret, seed);
        for (int done = 0; done < length;)
        {
            byte[] block = HMACSHA256.HashData(secret, [.. a, .. seed]);
            int count = Math.Min(block.Length, length - done);
            block.AsSpan(0, count).CopyTo(result.AsSpan(done));
            done += count;
            a = HMACSHA256.HashData(secret, a);
        }

        return result;
    }
}

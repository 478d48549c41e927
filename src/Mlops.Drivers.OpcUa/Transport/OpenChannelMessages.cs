using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Security;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Transport;

/// <summary>The messages that open and renew a channel, secured with the certificates' keys (OPC 10000-6, 6.7.2 and 6.7.4).</summary>
internal sealed class OpenChannelMessages(ChannelSecurity security) : IDisposable
{
    private const uint RequestType = 446;
    private const uint ResponseType = 449;

    private readonly AsymmetricCipher? _cipher = security.Policy.IsNone ? null : new AsymmetricCipher(security.Policy, security.Own!, security.Server!);

    /// <summary>Writes a whole chunk.</summary>
    public byte[] Write(uint channel, uint sequence, uint request, bool renew, byte[] nonce, TimeSpan lifetime, UaTime now)
    {
        var head = new UaWriter();
        head.Raw("OPNF"u8);
        head.Int32(0);
        head.UInt32(channel);
        head.String(security.Policy.Uri);
        head.ByteString(_cipher is null ? null : security.Own!.RawData);
        head.ByteString(_cipher is null ? null : Thumbprint(security.Server!));
        var body = new UaWriter();
        body.UInt32(sequence);
        body.UInt32(request);
        ServiceHeaders.WriteRequest(body, RequestType, default, request, TimeSpan.FromSeconds(30), now);
        body.UInt32(0);
        body.UInt32(renew ? 1u : 0u);
        body.Int32((int)security.Mode);
        body.ByteString(_cipher is null ? null : nonce);
        body.UInt32((uint)lifetime.TotalMilliseconds);
        return _cipher is null ? Plain(head, body) : Secured(head, body, _cipher);
    }

    /// <summary>Reads the answer: the chunk's request, and the token with its keys.</summary>
    public (uint Sequence, uint Request, uint Channel, ChannelToken Token, TimeSpan Lifetime) Read(ReadOnlySpan<byte> chunk, byte[] nonce)
    {
        var head = new UaReader(chunk[12..]);
        string? policy = head.String();
        ReadOnlySpan<byte> certificate = head.Bytes();
        head.Bytes();
        if (policy != security.Policy.Uri)
            throw new UaException(StatusCodes.BadSecurityPolicyRejected, $"The server answers with the policy '{policy}' instead of {security.Policy}.");
        ReadOnlySpan<byte> body = chunk[(12 + head.Position)..];
        if (_cipher is not null)
            body = Open(chunk[..(12 + head.Position)], body, certificate, _cipher);
        var reader = new UaReader(body);
        uint sequence = reader.UInt32();
        uint request = reader.UInt32();
        ServiceHeaders.ReadResponse(ref reader, ResponseType, "OpenSecureChannel");
        reader.UInt32();
        uint channel = reader.UInt32();
        uint token = reader.UInt32();
        reader.Time();
        var lifetime = TimeSpan.FromMilliseconds(Math.Max(reader.UInt32(), 1000));
        ReadOnlySpan<byte> theirNonce = reader.Bytes();
        if (_cipher is not null && theirNonce.Length < SecurityPolicy.NonceLength)
            throw new UaException(StatusCodes.BadNonceInvalid, $"The server's nonce has {theirNonce.Length} bytes; {SecurityPolicy.NonceLength} are needed.");
        return (sequence, request, channel, _cipher is null ? new ChannelToken(token, null, null)
            : new ChannelToken(token, ChannelKeys.Derive(security.Policy, theirNonce, nonce), ChannelKeys.Derive(security.Policy, nonce, theirNonce)), lifetime);
    }

    public void Dispose() => _cipher?.Dispose();

    private static byte[] Plain(UaWriter head, UaWriter body)
    {
        byte[] chunk = [.. head.Written, .. body.Written];
        BinaryPrimitives.WriteInt32LittleEndian(chunk.AsSpan(4), chunk.Length);
        return chunk;
    }

    private static byte[] Secured(UaWriter head, UaWriter body, AsymmetricCipher cipher)
    {
        int open = body.Length + cipher.PaddingLengthBytes + cipher.OwnSignatureLength;
        int padding = (cipher.PlainBlock - (open % cipher.PlainBlock)) % cipher.PlainBlock;
        body.Byte((byte)padding);
        for (int i = 0; i < padding; i++)
            body.Byte((byte)padding);
        if (cipher.PaddingLengthBytes == 2)
            body.Byte((byte)(padding >> 8));
        int size = head.Length + ((open + padding) / cipher.PlainBlock * cipher.CipherBlock);
        byte[] signed = [.. head.Written, .. body.Written];
        BinaryPrimitives.WriteInt32LittleEndian(signed.AsSpan(4), size);
        return [.. signed.AsSpan(0, head.Length), .. cipher.Encrypt([.. signed.AsSpan(head.Length), .. cipher.Sign(signed)])];
    }

    private ReadOnlySpan<byte> Open(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, ReadOnlySpan<byte> certificate, AsymmetricCipher cipher)
    {
        if (!certificate.StartsWith(security.Server!.RawData))
            throw new UaException(StatusCodes.BadSecurityChecksFailed, "The server answers with another certificate than the one of its endpoint.");
        byte[] plain = cipher.Decrypt(body);
        int end = plain.Length - cipher.TheirSignatureLength;
        if (end < 9 || !cipher.Verify([.. head, .. plain.AsSpan(0, end)], plain.AsSpan(end)))
            throw new UaException(StatusCodes.BadSecurityChecksFailed, "The signature of the server's answer is wrong.");
        int padding = 0;
        if (cipher.OwnPaddingLengthBytes == 2)
            padding = plain[--end] << 8;
        padding += plain[end - 1];
        end -= padding + 1;
        return end >= 8 ? plain.AsSpan(0, end) : throw new UaException(StatusCodes.BadSecurityChecksFailed, "The padding of the server's answer is wrong.");
    }

    // The specification names a certificate by its SHA-1 (OPC 10000-6, 6.7.2.3); nothing depends on its strength.
    private static byte[] Thumbprint(X509Certificate2 certificate) => certificate.GetCertHash(HashAlgorithmName.SHA1);
}

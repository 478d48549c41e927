using System.Security.Cryptography;

namespace Mlops.Drivers.OpcUa.Security;

/// <summary>The algorithms of a security policy (OPC 10000-7). What a policy does not name is RSA with PKCS #1 and OAEP of SHA-1.</summary>
internal sealed class SecurityPolicy
{
    private const string Prefix = "http://opcfoundation.org/UA/SecurityPolicy#";

    public static readonly SecurityPolicy None = new("None");

    public static readonly SecurityPolicy Basic256Sha256 = new("Basic256Sha256") { EncryptionKeyLength = 32 };

    public static readonly SecurityPolicy Aes128Sha256RsaOaep = new("Aes128_Sha256_RsaOaep") { EncryptionKeyLength = 16 };

    public static readonly SecurityPolicy Aes256Sha256RsaPss = new("Aes256_Sha256_RsaPss")
    {
        EncryptionKeyLength = 32,
        SignaturePadding = RSASignaturePadding.Pss,
        EncryptionPadding = RSAEncryptionPadding.OaepSHA256,
        EncryptionOverhead = 66,
        SignatureUri = "http://opcfoundation.org/UA/security/rsa-pss-sha2-256",
        EncryptionUri = "http://opcfoundation.org/UA/security/rsa-oaep-sha2-256",
    };

    public static readonly IReadOnlyList<SecurityPolicy> All = [None, Aes128Sha256RsaOaep, Basic256Sha256, Aes256Sha256RsaPss];

    private SecurityPolicy(string name) => Name = name;

    /// <summary>Gets the last part of the URI.</summary>
    public string Name { get; }

    public string Uri => Prefix + Name;

    /// <summary>Gets the bytes of an HMAC key of SHA-256.</summary>
    public static int SignatureKeyLength => 32;

    public static int SignatureLength => 32;

    public static int NonceLength => 32;

    public static int BlockLength => 16;

    public int EncryptionKeyLength { get; private init; }

    public RSASignaturePadding SignaturePadding { get; private init; } = RSASignaturePadding.Pkcs1;

    public RSAEncryptionPadding EncryptionPadding { get; private init; } = RSAEncryptionPadding.OaepSHA1;

    /// <summary>Gets how many bytes less than its key an RSA block takes.</summary>
    public int EncryptionOverhead { get; private init; } = 42;

    public string SignatureUri { get; private init; } = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

    public string EncryptionUri { get; private init; } = "http://www.w3.org/2001/04/xmlenc#rsa-oaep";

    public bool IsNone => this == None;

    public static SecurityPolicy? Find(string? nameOrUri) =>
        All.FirstOrDefault(policy => string.Equals(policy.Name, nameOrUri, StringComparison.OrdinalIgnoreCase) || policy.Uri == nameOrUri);

    public override string ToString() => Name;
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Security;
using Mlops.Drivers.OpcUa.Services;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Client;

/// <summary>Who signs in: nobody in particular, a name with a password, or the holder of a certificate.</summary>
internal sealed record UserIdentity(string? Name = null, string? Password = null, X509Certificate2? Certificate = null, bool AllowPlainPassword = false)
{
    public static UserIdentity Anonymous { get; } = new();

    public UserTokenType Type => Certificate is not null ? UserTokenType.Certificate : Name is not null ? UserTokenType.UserName : UserTokenType.Anonymous;

    /// <summary>Makes the token that an endpoint wants (OPC 10000-4, 7.40).</summary>
    /// <exception cref="UaException">The endpoint takes no such user, or the password would be sent readable.</exception>
    public (Action<UaWriter> Token, SignatureData Signature) Sign(IReadOnlyList<UserTokenPolicy> policies, SecurityPolicy channel, byte[] serverCertificate, byte[] serverNonce)
    {
        UserTokenPolicy policy = policies.Where(p => p.Type == Type).OrderByDescending(p => (SecurityPolicy.Find(p.PolicyUri) ?? channel).IsNone ? 0 : 1).FirstOrDefault()
            ?? throw new UaException(
                StatusCodes.BadIdentityTokenInvalid,
                $"the server takes no {Describe(Type)} at this endpoint, but {string.Join(", ", policies.Select(p => Describe(p.Type)).Distinct().DefaultIfEmpty("nobody"))}. Change 'user'.");
        SecurityPolicy algorithms = SecurityPolicy.Find(policy.PolicyUri ?? channel.Uri)
            ?? throw new UaException(StatusCodes.BadSecurityPolicyRejected, $"the server wants the {Describe(Type)} secured by '{policy.PolicyUri}', which is not known here.");
        return Type switch
        {
            UserTokenType.Certificate => WithCertificate(policy, algorithms, serverCertificate, serverNonce),
            UserTokenType.UserName => (WithPassword(policy, algorithms, serverCertificate, serverNonce), SignatureData.None),
            _ => (writer => WriteAnonymous(writer, policy), SignatureData.None),
        };
    }

    private static void WriteAnonymous(UaWriter writer, UserTokenPolicy policy)
    {
        int token = writer.BeginExtensionObject(321);
        writer.String(policy.Id);
        writer.EndLength(token);
    }

    private Action<UaWriter> WithPassword(UserTokenPolicy policy, SecurityPolicy algorithms, byte[] serverCertificate, byte[] serverNonce)
    {
        byte[] secret = System.Text.Encoding.UTF8.GetBytes(Password ?? "");
        string? algorithm = null;
        if (!algorithms.IsNone && serverCertificate.Length > 0)
        {
            secret = Encrypt(algorithms, serverCertificate, secret, serverNonce);
            algorithm = algorithms.EncryptionUri;
        }
        else if (!AllowPlainPassword)
        {
            throw new UaException(
                StatusCodes.BadSecurityPolicyRejected,
                "the password would be sent readable: neither the endpoint nor its user policy encrypts it. Choose another 'security', or set 'user.allowPlainPassword' to true if the network is your own.");
        }

        return writer =>
        {
            int token = writer.BeginExtensionObject(324);
            writer.String(policy.Id);
            writer.String(Name);
            writer.ByteString(secret);
            writer.String(algorithm);
            writer.EndLength(token);
        };
    }

    private (Action<UaWriter> Token, SignatureData Signature) WithCertificate(UserTokenPolicy policy, SecurityPolicy algorithms, byte[] serverCertificate, byte[] serverNonce)
    {
        if (algorithms.IsNone)
            throw new UaException(StatusCodes.BadSecurityPolicyRejected, "the server takes a user's certificate without any signature, which proves nothing. Choose another 'security'.");
        X509Certificate2 certificate = Certificate!;
        using RSA key = certificate.GetRSAPrivateKey()
            ?? throw new UaException(StatusCodes.BadIdentityTokenInvalid, "the user's certificate has no RSA private key. Check 'user.keyFile'.");
        byte[] signature = key.SignData([.. serverCertificate, .. serverNonce], HashAlgorithmName.SHA256, algorithms.SignaturePadding);
        return (writer =>
        {
            int token = writer.BeginExtensionObject(327);
            writer.String(policy.Id);
            writer.ByteString(certificate.RawData);
            writer.EndLength(token);
        }, new SignatureData(algorithms.SignatureUri, signature));
    }

    // Length, password, nonce: together in as many RSA blocks as they need (OPC 10000-4, 7.40.2.2).
    private static byte[] Encrypt(SecurityPolicy algorithms, byte[] serverCertificate, byte[] secret, byte[] nonce)
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(serverCertificate);
        using RSA key = certificate.GetRSAPublicKey() ?? throw new UaException(StatusCodes.BadCertificateInvalid, "the server's certificate has no RSA key.");
        var plain = new UaWriter();
        plain.UInt32((uint)(secret.Length + nonce.Length));
        plain.Raw(secret);
        plain.Raw(nonce);
        int block = (key.KeySize / 8) - algorithms.EncryptionOverhead;
        var cipher = new List<byte>();
        byte[] bytes = plain.Written.ToArray();
        for (int i = 0; i < bytes.Length; i += block)
            cipher.AddRange(key.Encrypt(bytes.AsSpan(i, Math.Min(block, bytes.Length - i)), algorithms.EncryptionPadding));
        return [.. cipher];
    }

    private static string Describe(UserTokenType type) => type switch
    {
        UserTokenType.Anonymous => "anonymous user",
        UserTokenType.UserName => "user with a password",
        UserTokenType.Certificate => "user with a certificate",
        _ => "user with an issued token",
    };
}

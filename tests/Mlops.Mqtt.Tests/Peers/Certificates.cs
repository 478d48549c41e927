using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mlops.Mqtt.Tests.Peers;

/// <summary>An authority of the test's own, with PEM files in a folder of its own.</summary>
internal sealed class Certificates : IDisposable
{
    private readonly X509Certificate2 authority;

    public Certificates(string name = "Test Authority")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-2), DateTimeOffset.UtcNow.AddYears(2));
        AuthorityFile = File("authority.pem");
        System.IO.File.WriteAllText(AuthorityFile, authority.ExportCertificatePem());
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("certificates-").FullName;

    public string AuthorityFile { get; }

    public string File(string name) => Path.Combine(Folder, name);

    /// <summary>Writes a certificate to NAME.pem and its key to NAME.key.</summary>
    public (string CertificateFile, string KeyFile) Issue(string name, DateTimeOffset? notAfter = null, string? host = "localhost")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = Sign(name, key, notAfter, host);
        System.IO.File.WriteAllText(File(name + ".pem"), issued.ExportCertificatePem());
        System.IO.File.WriteAllText(File(name + ".key"), key.ExportPkcs8PrivateKeyPem());
        return (File(name + ".pem"), File(name + ".key"));
    }

    /// <summary>Writes a certificate with its key to NAME.pfx.</summary>
    public string IssuePfx(string name, string password)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = Sign(name, key, null, "localhost");
        using var both = issued.CopyWithPrivateKey(key);
        System.IO.File.WriteAllBytes(File(name + ".pfx"), both.Export(X509ContentType.Pfx, password));
        return File(name + ".pfx");
    }

    public MqttListenerTlsOptions Server(string name = "broker", DateTimeOffset? notAfter = null)
    {
        var (certificate, key) = Issue(name, notAfter);
        return new MqttListenerTlsOptions { CertificateFile = certificate, KeyFile = key };
    }

    public void Dispose()
    {
        authority.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private X509Certificate2 Sign(string name, ECDsa key, DateTimeOffset? notAfter, string? host)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        if (host is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(host);
            names.AddIpAddress(IPAddress.Loopback);
            names.AddIpAddress(IPAddress.IPv6Loopback);
            request.CertificateExtensions.Add(names.Build());
        }

        var end = notAfter ?? DateTimeOffset.UtcNow.AddYears(1);
        return request.Create(authority, end.AddDays(-400), end, RandomNumberGenerator.GetBytes(8));
    }
}

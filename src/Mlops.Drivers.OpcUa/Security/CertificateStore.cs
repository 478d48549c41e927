using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mlops.Drivers.OpcUa.Security;

/// <summary>The node's folder of certificates: its own, made at first use, and those of servers that it trusts or has turned away. Thread-safe.</summary>
internal sealed class CertificateStore(OpcUaOptions options, string defaultFolder, TimeProvider time) : IDisposable
{
    private static readonly string[] Patterns = ["*.der", "*.cer", "*.crt", "*.pem"];

    private readonly Lock _gate = new();
    private X509Certificate2? _own;

    public string ApplicationUri => options.ApplicationUri ?? $"urn:{Dns.GetHostName().ToLowerInvariant()}:mlops";

    public string ApplicationName => options.ApplicationName;

    public string TrustedFolder => options.TrustedFolder ?? Path.Combine(Folder, "trusted");

    public string RejectedFolder => Path.Combine(Folder, "rejected");

    /// <summary>Gets where the own certificate lies, which a server has to trust.</summary>
    public string OwnFile => Path.Combine(Folder, "own", "mlops.der");

    private string Folder => options.CertificateFolder ?? defaultFolder;

    private string KeyFile => Path.Combine(Folder, "own", "mlops.pem");

    /// <summary>Returns the application's certificate with its key; makes it at the first use, and anew when it has expired or names another application.</summary>
    /// <exception cref="IOException">The folder cannot be written, or what lies there cannot be read.</exception>
    public X509Certificate2 Own()
    {
        lock (_gate)
        {
            if (_own is not null && Fits(_own))
                return _own;
            _own = Load() is { } loaded && Fits(loaded) ? loaded : Create();
            return _own;
        }
    }

    /// <summary>Returns the certificates in a folder; what cannot be read there is left out.</summary>
    public static IReadOnlyList<X509Certificate2> Read(string folder)
    {
        if (!Directory.Exists(folder))
            return [];
        var found = new List<X509Certificate2>();
        foreach (string file in Patterns.SelectMany(pattern => Directory.EnumerateFiles(folder, pattern)).Order(StringComparer.Ordinal))
        {
            try
            {
                found.Add(X509CertificateLoader.LoadCertificateFromFile(file));
            }
            catch (CryptographicException)
            {
                // An unreadable file trusts nobody; who looks for the reason finds the server's certificate among the rejected.
            }
        }

        return found;
    }

    /// <summary>Returns the certificates of authorities whose certificates are trusted through the chain.</summary>
    public IReadOnlyList<X509Certificate2> Issuers() => Read(Path.Combine(Folder, "issuers"));

    public IReadOnlyList<X509Certificate2> Trusted() => Read(TrustedFolder);

    /// <summary>Keeps a certificate that was turned away, so that it can be moved to the trusted ones; the oldest give way to new ones.</summary>
    /// <returns>Where it lies.</returns>
    public string Reject(X509Certificate2 certificate)
    {
        const int most = 50;
        Directory.CreateDirectory(RejectedFolder);
        string file = Path.Combine(RejectedFolder, certificate.Thumbprint.ToLowerInvariant() + ".der");
        if (File.Exists(file))
            return file;
        foreach (FileInfo old in new DirectoryInfo(RejectedFolder).GetFiles("*.der").OrderByDescending(f => f.LastWriteTimeUtc).Skip(most - 1))
            old.Delete();
        File.WriteAllBytes(file, certificate.RawData);
        return file;
    }

    /// <summary>Trusts a certificate from now on.</summary>
    public void Trust(X509Certificate2 certificate)
    {
        Directory.CreateDirectory(TrustedFolder);
        File.WriteAllBytes(Path.Combine(TrustedFolder, certificate.Thumbprint.ToLowerInvariant() + ".der"), certificate.RawData);
    }

    public void Dispose() => _own?.Dispose();

    private bool Fits(X509Certificate2 certificate) =>
        certificate.NotAfter.ToUniversalTime() > time.GetUtcNow().UtcDateTime && CertificateNames.Of(certificate).Uris.Contains(ApplicationUri);

    private X509Certificate2? Load() => File.Exists(OwnFile) && File.Exists(KeyFile)
        ? X509Certificate2.CreateFromPem(PemEncoding.WriteString("CERTIFICATE", File.ReadAllBytes(OwnFile)), File.ReadAllText(KeyFile))
        : null;

    private X509Certificate2 Create()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(new X500DistinguishedName($"CN={ApplicationName}, O=Mlops"), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(ApplicationUri));
        names.AddDnsName(Dns.GetHostName());
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        // What OPC 10000-6, 6.2.2 asks of an application's certificate; it signs itself.
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation | X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.DataEncipherment | X509KeyUsageFlags.KeyCertSign,
            critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2"), new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        DateTimeOffset now = time.GetUtcNow();
        X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(5));
        Save(certificate, key);
        return certificate;
    }

    private void Save(X509Certificate2 certificate, RSA key)
    {
        string folder = Path.GetDirectoryName(OwnFile)!;
        Directory.CreateDirectory(folder);
        var mode = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new StreamWriter(KeyFile, mode))
            file.Write(key.ExportPkcs8PrivateKeyPem());
        File.WriteAllBytes(OwnFile, certificate.RawData);
    }
}

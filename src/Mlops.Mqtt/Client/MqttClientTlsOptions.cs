using System.Security.Cryptography.X509Certificates;

namespace Mlops.Mqtt;

/// <summary>How a client speaks TLS with the broker: versions 1.2 and 1.3. Files are read at each connect, so renewed ones are taken up.</summary>
public sealed class MqttClientTlsOptions
{
    /// <summary>Gets or sets the PEM file with the authorities whose certificates are trusted, instead of those the system trusts.</summary>
    /// <value>Null by default: the system's authorities.</value>
    public string? AuthorityFile { get; set; }

    /// <summary>Gets or sets the client's own certificate for brokers that ask for one: PEM, with the authorities between if there are any, or PFX.</summary>
    /// <value>Null by default: none.</value>
    public string? CertificateFile { get; set; }

    /// <summary>Gets or sets the PEM file with the private key.</summary>
    /// <value>Null by default: the key is in <see cref="CertificateFile"/>.</value>
    public string? KeyFile { get; set; }

    /// <summary>Gets or sets the password of the private key or the PFX file.</summary>
    public string? KeyPassword { get; set; }

    /// <summary>Gets or sets the name that the broker's certificate must be for.</summary>
    /// <value>Null by default: <see cref="MqttClientOptions.Host"/>.</value>
    public string? TargetHost { get; set; }

    /// <summary>Gets or sets whether revocation of the broker's certificate is looked up.</summary>
    /// <value>Not by default; <see cref="X509RevocationMode.Online"/> asks the authority over the network.</value>
    public X509RevocationMode Revocation { get; set; } = X509RevocationMode.NoCheck;

    /// <summary>Gets or sets whether any certificate is accepted, so that anybody between client and broker can read and change everything.</summary>
    /// <value>False by default. For trying things out only.</value>
    public bool AcceptAnyCertificate { get; set; }

    internal IEnumerable<string> Problems()
    {
        if (AcceptAnyCertificate && AuthorityFile is not null)
            yield return "Tls.AcceptAnyCertificate is set together with Tls.AuthorityFile: set one of them.";
        if (CertificateFile is null && (KeyFile ?? KeyPassword) is not null)
            yield return "Tls.CertificateFile is null: set it, as there is a KeyFile or KeyPassword.";
    }
}

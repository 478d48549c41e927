namespace Mlops.Mqtt;

/// <summary>How a broker speaks TLS, versions 1.2 and 1.3. Files are watched: when they change, new connections get what is in them.</summary>
public sealed class MqttListenerTlsOptions
{
    /// <summary>Gets or sets the broker's certificate: PEM, with the authorities between if there are any, or PFX.</summary>
    public required string CertificateFile { get; set; }

    /// <summary>Gets or sets the PEM file with the private key.</summary>
    /// <value>Null by default: the key is in <see cref="CertificateFile"/>.</value>
    public string? KeyFile { get; set; }

    /// <summary>Gets or sets the password of the private key or the PFX file.</summary>
    public string? KeyPassword { get; set; }

    /// <summary>Gets or sets whether clients show certificates.</summary>
    /// <value><see cref="MqttClientCertificates.None"/> by default.</value>
    public MqttClientCertificates ClientCertificates { get; set; }

    /// <summary>Gets or sets the PEM file with the authorities that may sign certificates of clients. The system's are never trusted for that.</summary>
    public string? ClientAuthorityFile { get; set; }

    /// <summary>Gets or sets whether a client with a certificate is admitted under the common name of its subject, without a password.</summary>
    /// <value>False by default: the certificate admits to the handshake only. It is in <see cref="MqttAuthenticationContext.ClientCertificate"/> either way.</value>
    public bool CertificateIsUser { get; set; }

    internal IEnumerable<string> Problems()
    {
        if (string.IsNullOrWhiteSpace(CertificateFile))
            yield return "Tls.CertificateFile is empty: set the file with the broker's certificate.";
        if (ClientCertificates == MqttClientCertificates.None && ClientAuthorityFile is not null)
            yield return "Tls.ClientAuthorityFile is set but Tls.ClientCertificates is None: set Optional or Required.";
        if (ClientCertificates != MqttClientCertificates.None && ClientAuthorityFile is null)
            yield return $"Tls.ClientAuthorityFile is null: set the file with the authorities of the clients, as Tls.ClientCertificates is {ClientCertificates}.";
        if (CertificateIsUser && ClientCertificates == MqttClientCertificates.None)
            yield return "Tls.CertificateIsUser is true but Tls.ClientCertificates is None: set Optional or Required.";
    }
}

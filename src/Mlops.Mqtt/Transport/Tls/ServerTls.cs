using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Mlops.Mqtt.Transport.Tls;

/// <summary>TLS of one listener: its certificate and whom it trusts, renewed when the files change.</summary>
internal sealed class ServerTls
{
    private readonly MqttListenerTlsOptions options;
    private readonly FileBacked<Material> files;

    /// <exception cref="IOException">A file cannot be used.</exception>
    public ServerTls(MqttListenerTlsOptions options, Action<Exception?> changed, TimeProvider time)
    {
        this.options = options;
        files = new FileBacked<Material>([options.CertificateFile, options.KeyFile, options.ClientAuthorityFile], Load, changed, time);
    }

    /// <summary>When the certificate that is shown now expires.</summary>
    public DateTime NotAfter => files.Value.NotAfter;

    /// <summary>Secures an accepted connection.</summary>
    /// <exception cref="AuthenticationException">It failed; the message says why, and the client is told by an alert.</exception>
    public async Task AcceptAsync(TcpTransport transport, CancellationToken cancel)
    {
        var material = files.Value;
        var trust = new Trust(
            nameof(MqttListenerTlsOptions.ClientAuthorityFile), host: null, options.ClientCertificates == MqttClientCertificates.Optional);
        var settings = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = material.Context,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
        };
        if (material.ClientAuthorities is { } authorities)
        {
            settings.ClientCertificateRequired = true;
            settings.CertificateChainPolicy = Trust.Only(authorities, X509RevocationMode.NoCheck);
            settings.RemoteCertificateValidationCallback = trust.Accepts;
        }

        try
        {
            await transport.AcceptTlsAsync(settings, cancel).ConfigureAwait(false);
        }
        catch (AuthenticationException error)
        {
            throw new AuthenticationException(trust.Problem ?? (error.InnerException ?? error).Message, error);
        }
    }

    private Material Load()
    {
        var chain = CertificateFiles.ReadWithKey(options.CertificateFile, options.KeyFile, options.KeyPassword);
        var own = chain[0];
        chain.RemoveAt(0);
        return new Material(
            SslStreamCertificateContext.Create(own, chain, offline: true),
            own.NotAfter,
            options.ClientAuthorityFile is { } file ? CertificateFiles.ReadAuthorities(nameof(options.ClientAuthorityFile), file) : null);
    }

    private sealed record Material(SslStreamCertificateContext Context, DateTime NotAfter, X509Certificate2Collection? ClientAuthorities);
}

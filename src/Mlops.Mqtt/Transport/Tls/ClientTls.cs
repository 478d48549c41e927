using System.Net.Security;
using System.Security.Authentication;

namespace Mlops.Mqtt.Transport.Tls;

/// <summary>TLS of a client, for one connection.</summary>
internal static class ClientTls
{
    /// <exception cref="AuthenticationException">The broker's certificate is not good or the handshake failed; the message says why.</exception>
    /// <exception cref="IOException">A file cannot be used, or the connection broke.</exception>
    public static async Task OpenAsync(TcpTransport transport, MqttClientTlsOptions options, string host, CancellationToken cancel)
    {
        string target = options.TargetHost ?? host;
        var trust = new Trust("Tls.AuthorityFile", target, isOptional: false) { AcceptsAny = options.AcceptAnyCertificate };
        var settings = new SslClientAuthenticationOptions
        {
            TargetHost = target,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = options.Revocation,
            RemoteCertificateValidationCallback = trust.Accepts,
        };
        if (options.AuthorityFile is { } file)
            settings.CertificateChainPolicy = Trust.Only(CertificateFiles.ReadAuthorities("Tls.AuthorityFile", file), options.Revocation);
        if (options.CertificateFile is { } own)
        {
            var chain = CertificateFiles.ReadWithKey(own, options.KeyFile, options.KeyPassword);
            var first = chain[0];
            chain.RemoveAt(0);
            settings.ClientCertificateContext = SslStreamCertificateContext.Create(first, chain, offline: true);
        }

        try
        {
            await transport.OpenTlsAsync(settings, cancel).ConfigureAwait(false);
        }
        catch (AuthenticationException error)
        {
            throw new AuthenticationException(trust.Problem ?? $"TLS could not be opened: {(error.InnerException ?? error).Message}", error);
        }
    }
}

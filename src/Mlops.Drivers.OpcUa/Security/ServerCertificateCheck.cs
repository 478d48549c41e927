using System.Security.Cryptography.X509Certificates;
using Mlops.Drivers.OpcUa.Binary;
using Mlops.Drivers.OpcUa.Types;

namespace Mlops.Drivers.OpcUa.Security;

/// <summary>Decides whether a server is the one that is meant (OPC 10000-4, 6.1.3).</summary>
internal sealed class ServerCertificateCheck(CertificateStore store, TimeProvider time)
{
    /// <summary>Checks a server's certificate.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="host">Host of the endpoint as the settings name it.</param>
    /// <param name="applicationUri">URI under which the server presents itself.</param>
    /// <param name="trust">Whether an unknown server is to be trusted from now on, as the settings ask for by name.</param>
    /// <param name="checkHost">Whether the certificate must name the host.</param>
    /// <exception cref="UaException">It is not to be trusted; the message says what helps.</exception>
    public void Check(X509Certificate2 certificate, string host, string applicationUri, bool trust, bool checkHost)
    {
        if (!IsTrusted(certificate))
        {
            if (!trust)
                throw Untrusted(certificate);
            store.Trust(certificate);
        }

        DateTime now = time.GetUtcNow().UtcDateTime;
        if (now > certificate.NotAfter.ToUniversalTime() || now < certificate.NotBefore.ToUniversalTime())
        {
            throw new UaException(
                StatusCodes.BadCertificateTimeInvalid,
                $"the server's certificate is valid from {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd} to {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd} only. Renew it on the server, or set this node's clock.");
        }

        CertificateNames names = CertificateNames.Of(certificate);
        if (checkHost && !names.Has(host))
        {
            throw new UaException(
                StatusCodes.BadCertificateHostNameInvalid,
                $"the server's certificate is for {string.Join(", ", names.Hosts.Concat(names.Addresses.Select(a => a.ToString())).DefaultIfEmpty("no host"))}, not for '{host}'. Use one of these in 'endpoint', or set 'security.checkHost' to false.");
        }

        if (!names.Uris.Contains(applicationUri))
        {
            throw new UaException(
                StatusCodes.BadCertificateUriInvalid,
                $"the server calls itself '{applicationUri}', its certificate says {string.Join(", ", names.Uris.Select(u => $"'{u}'").DefaultIfEmpty("nothing"))}. Make the server's certificate anew.");
        }
    }

    private bool IsTrusted(X509Certificate2 certificate)
    {
        IReadOnlyList<X509Certificate2> trusted = store.Trusted();
        return trusted.Any(known => known.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span)) || IsIssuedByTrusted(certificate, trusted);
    }

    private bool IsIssuedByTrusted(X509Certificate2 certificate, IReadOnlyList<X509Certificate2> trusted)
    {
        X509Certificate2[] authorities = [.. trusted.Where(IsAuthority)];
        if (authorities.Length == 0)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.ExtraStore.AddRange(store.Issuers().ToArray());
        // Plants have no way to lists of revoked certificates; who is no longer trusted is taken out of the folder.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        chain.ChainPolicy.VerificationTime = time.GetLocalNow().DateTime;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        return chain.Build(certificate);
    }

    private static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority);

    private UaException Untrusted(X509Certificate2 certificate)
    {
        string file = store.Reject(certificate);
        return new UaException(
            StatusCodes.BadCertificateUntrusted,
            $"the server's certificate '{certificate.Subject}' ({certificate.Thumbprint}) is not trusted. It lies in {file}: if it is the right server, move it to {store.TrustedFolder} (Mlops:OpcUa:TrustedFolder).");
    }
}

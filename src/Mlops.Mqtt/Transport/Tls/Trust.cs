using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Mlops.Mqtt.Transport.Tls;

/// <summary>Judges the certificate of the other side and says in words what is wrong with it.</summary>
internal sealed class Trust
{
    private readonly string setting;
    private readonly bool isOptional;
    private readonly string? host;

    /// <param name="setting">The setting with the authorities that would make an unknown one known.</param>
    /// <param name="host">The name the certificate must be for, or null.</param>
    /// <param name="isOptional">Whether none at all is fine.</param>
    public Trust(string setting, string? host, bool isOptional)
    {
        this.setting = setting;
        this.host = host;
        this.isOptional = isOptional;
    }

    /// <summary>Whether the host has asked by name that everything is accepted.</summary>
    public bool AcceptsAny { get; init; }

    /// <summary>What is wrong, after the handshake, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Trusts only what these authorities have signed.</summary>
    public static X509ChainPolicy Only(X509Certificate2Collection authorities, X509RevocationMode revocation)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = revocation, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None || AcceptsAny)
            return true;
        if (certificate is null)
        {
            Problem = isOptional ? null : "no certificate was shown, but one is required";
            return isOptional;
        }

        using var shown = new X509Certificate2(certificate);
        Problem = Describe(shown, chain, errors);
        return false;
    }

    private string Describe(X509Certificate2 shown, X509Chain? chain, SslPolicyErrors errors)
    {
        string name = $"the certificate '{shown.Subject}'";
        var status = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status) ?? X509ChainStatusFlags.NoError;
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid))
            return Dated(chain!);
        if ((status & (X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot)) != 0)
            return $"{name} is signed by '{shown.Issuer}', which is not trusted. If it should be, put that authority into {setting}";
        if (status.HasFlag(X509ChainStatusFlags.Revoked))
            return $"{name} has been revoked. Renew it";
        if (status.HasFlag(X509ChainStatusFlags.NotValidForUsage))
            return $"{name} may not be used for this side of a connection. Issue it with the right extended key usage";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return $"{name} is for {Names(shown)}, not for '{host}'. Connect to a name it is for, or set Tls.TargetHost";
        return $"{name} cannot be used: {string.Join(", ", chain?.ChainStatus.Select(one => one.StatusInformation.Trim()) ?? [$"{errors}"])}";
    }

    private static string Dated(X509Chain chain)
    {
        var late = chain.ChainElements.First(one => one.ChainElementStatus.Any(part => part.Status.HasFlag(X509ChainStatusFlags.NotTimeValid))).Certificate;
        return DateTime.UtcNow < late.NotBefore.ToUniversalTime()
            ? $"the certificate '{late.Subject}' is not valid before {late.NotBefore.ToUniversalTime():u}. Check the clocks"
            : $"the certificate '{late.Subject}' has expired on {late.NotAfter.ToUniversalTime():u}. Renew it";
    }

    private static string Names(X509Certificate2 shown)
    {
        var alternatives = shown.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        string[] names = alternatives is null ? [] : [.. alternatives.EnumerateDnsNames(), .. alternatives.EnumerateIPAddresses().Select(address => $"{address}")];
        return names.Length == 0 ? "no host, as it has no subject alternative names" : string.Join(", ", names.Select(one => $"'{one}'"));
    }
}

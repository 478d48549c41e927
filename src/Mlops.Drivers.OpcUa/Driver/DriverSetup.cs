using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mlops.Drivers.OpcUa.Client;
using Mlops.Drivers.OpcUa.Security;

namespace Mlops.Drivers.OpcUa.Driver;

/// <summary>Settings, checked and read.</summary>
/// <param name="Settings">As they were given.</param>
/// <param name="Client">How the server is reached.</param>
/// <param name="Groups">What is read there.</param>
internal sealed record DriverSetup(OpcUaSettings Settings, ClientSettings Client, IReadOnlyList<DriverGroup> Groups)
{
    /// <exception cref="DriverConfigurationException">A setting is wrong; all that is wrong is told.</exception>
    public static DriverSetup Read(string asset, OpcUaSettings settings, OpcUaServices? services = null)
    {
        var findings = new List<SettingFinding>();
        Uri? endpoint = Endpoint(settings.Endpoint, findings);
        var (policy, mode) = Security(settings.Security, findings);
        UserIdentity user = User(settings.User, findings);
        List<DriverGroup> groups = GroupReader.Read(settings, findings);
        if (settings.WriteBack.Count > 0 && services?.Feeds is null)
            findings.Add(new SettingFinding("writeBack", "needs a host with a store, which this one has not. Call AddStore(), or leave it out."));
        if (findings.Count > 0)
        {
            throw new DriverConfigurationException($"Asset '{asset}': {string.Join(' ', findings.Select(f => $"{f.Setting}: {f.Message}"))}") { Findings = findings };
        }

        return new DriverSetup(
            settings,
            new ClientSettings(endpoint!)
            {
                Policy = policy,
                Mode = mode,
                User = user,
                TrustServer = settings.Security?.TrustServer ?? false,
                CheckHost = settings.Security?.CheckHost ?? true,
                CallTimeout = settings.Timeout,
                ConnectTimeout = settings.Timeout,
                SessionTimeout = settings.SessionTimeout,
                Channels = services?.Channels,
            },
            groups);
    }

    private static Uri? Endpoint(string text, List<SettingFinding> findings)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme == "opc.tcp" && uri.Host.Length > 0)
            return uri;
        findings.Add(new SettingFinding("endpoint", $"'{text}' is no address of an OPC UA server. Write it like 'opc.tcp://10.0.0.7:4840'."));
        return null;
    }

    private static (SecurityPolicy Policy, MessageSecurityMode Mode) Security(OpcUaSecuritySettings? settings, List<SettingFinding> findings)
    {
        if (settings is null)
            return (SecurityPolicy.None, MessageSecurityMode.None);
        SecurityPolicy? policy = SecurityPolicy.Find(settings.Policy);
        if (policy is null)
            findings.Add(new SettingFinding("security.policy", $"'{settings.Policy}' is not known. Choose one of {string.Join(", ", SecurityPolicy.All)}."));
        if (policy is { IsNone: true })
            return (policy, MessageSecurityMode.None);
        if (Enum.TryParse(settings.Mode, ignoreCase: true, out MessageSecurityMode mode) && mode is MessageSecurityMode.Sign or MessageSecurityMode.SignAndEncrypt)
            return (policy ?? SecurityPolicy.None, mode);
        findings.Add(new SettingFinding("security.mode", $"'{settings.Mode}' is not known. Choose Sign or SignAndEncrypt."));
        return (SecurityPolicy.None, MessageSecurityMode.None);
    }

    private static UserIdentity User(OpcUaUserSettings? settings, List<SettingFinding> findings)
    {
        if (settings is null)
            return UserIdentity.Anonymous;
        if (settings.CertificateFile is null)
        {
            if (string.IsNullOrEmpty(settings.Name))
                findings.Add(new SettingFinding("user.name", "is missing. Give a name and a password, or a certificate."));
            return new UserIdentity(settings.Name, settings.Password ?? "", AllowPlainPassword: settings.AllowPlainPassword);
        }

        try
        {
            return new UserIdentity(Certificate: X509Certificate2.CreateFromPemFile(settings.CertificateFile, settings.KeyFile));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            findings.Add(new SettingFinding("user.certificateFile", $"'{settings.CertificateFile}' with the key '{settings.KeyFile}' cannot be used: {error.Message}"));
            return UserIdentity.Anonymous;
        }
    }
}

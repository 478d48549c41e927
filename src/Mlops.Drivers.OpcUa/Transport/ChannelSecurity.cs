using System.Security.Cryptography.X509Certificates;
using Mlops.Drivers.OpcUa.Security;

namespace Mlops.Drivers.OpcUa.Transport;

/// <summary>How a channel is to be secured.</summary>
/// <param name="Policy">The algorithms.</param>
/// <param name="Mode">What is done to messages.</param>
/// <param name="Own">The application's certificate with its private key; needed unless the policy is None.</param>
/// <param name="Server">The server's certificate, already checked; needed unless the policy is None.</param>
internal sealed record ChannelSecurity(SecurityPolicy Policy, MessageSecurityMode Mode, X509Certificate2? Own, X509Certificate2? Server)
{
    public static ChannelSecurity None { get; } = new(SecurityPolicy.None, MessageSecurityMode.None, null, null);
}

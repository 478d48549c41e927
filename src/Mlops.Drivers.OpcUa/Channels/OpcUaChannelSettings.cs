using System.Security.Cryptography.X509Certificates;

namespace Mlops.Drivers.OpcUa.Channels;

/// <summary>To which server a channel leads, and how it is secured.</summary>
/// <param name="Endpoint">Address of the server.</param>
/// <param name="PolicyUri">URI of the security policy (OPC 10000-7).</param>
/// <param name="Mode">None, Sign or SignAndEncrypt.</param>
/// <param name="Own">The application's certificate with its private key; <see langword="null"/> under the policy None.</param>
/// <param name="Server">The server's certificate, already checked; <see langword="null"/> under the policy None.</param>
public sealed record OpcUaChannelSettings(Uri Endpoint, string PolicyUri, string Mode, X509Certificate2? Own, X509Certificate2? Server);

using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mlops.Mqtt;

/// <summary>What a client presents when it connects.</summary>
public sealed class MqttAuthenticationContext
{
    internal MqttAuthenticationContext(
        string clientId, string? userName, ReadOnlyMemory<byte> password, EndPoint? remote, MqttProtocolVersion protocolVersion)
    {
        ClientId = clientId;
        UserName = userName;
        Password = password;
        RemoteEndPoint = remote;
        ProtocolVersion = protocolVersion;
    }

    /// <summary>Gets the client identifier, as sent or as assigned by the broker.</summary>
    public string ClientId { get; }

    /// <summary>Gets the user name, or null when the client is anonymous.</summary>
    public string? UserName { get; }

    /// <summary>
    /// Gets the password as sent, usually UTF-8; empty when there is none. Wiped as soon as it is decided whether the client may connect,
    /// and empty from then on.
    /// </summary>
    public ReadOnlyMemory<byte> Password { get; private set; }

    /// <summary>Gets where the client connects from.</summary>
    public EndPoint? RemoteEndPoint { get; }

    /// <summary>Gets the user properties that came with CONNECT (MQTT 5).</summary>
    public IReadOnlyList<MqttUserProperty> UserProperties { get; internal init; } = [];

    /// <summary>Gets the protocol version that the client speaks.</summary>
    public MqttProtocolVersion ProtocolVersion { get; }

    /// <summary>Gets the certificate that the client has shown and that an authority of the listener has signed, or null. Valid until the connection ends.</summary>
    public X509Certificate2? ClientCertificate { get; internal init; }

    /// <summary>Gets a value indicating whether <see cref="UserName"/> is that of the certificate.</summary>
    internal bool IsUserByCertificate { get; init; }

    internal MqttAnonymousAccess Anonymous { get; init; }

    /// <summary>Wipes the password, which nobody needs any more.</summary>
    internal void ForgetPassword()
    {
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsMemory(Password).Span);
        Password = default;
    }
}

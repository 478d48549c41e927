using System.Net;
using System.Security.Cryptography.X509Certificates;
using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Broker;

/// <summary>What the broker makes of a CONNECT, apart from who may connect.</summary>
internal static class Handshake
{
    /// <summary>Checks what the codec cannot know, and names a client that has no name.</summary>
    public static (ConnectPacket Packet, MqttReasonCode Reason) Check(ConnectPacket packet)
    {
        if (packet.ClientId.Any(char.IsControl))
            return (packet, MqttReasonCode.ClientIdentifierNotValid);
        if (packet.ClientId.Length > 0)
            return (packet, MqttReasonCode.Success);
        if (packet.Version == MqttProtocolVersion.V311 && !packet.CleanStart)
            return (packet, MqttReasonCode.ClientIdentifierNotValid);
        return (packet with { ClientId = $"auto-{Random.Shared.NextInt64():x16}", WasNamed = true }, MqttReasonCode.Success);
    }

    /// <summary>What a client shows of itself to whoever admits it.</summary>
    public static MqttAuthenticationContext Present(ConnectPacket packet, EndPoint? remote, X509Certificate2? certificate, bool isUserByCertificate, MqttAnonymousAccess anonymous) =>
        new(packet.ClientId, packet.UserName, packet.Password ?? default, remote, packet.Version)
        {
            ClientCertificate = certificate,
            IsUserByCertificate = isUserByCertificate,
            Anonymous = anonymous,
            UserProperties = packet.UserProperties,
        };

    /// <summary>Shortens the keep alive where the options bound it and the client can be told.</summary>
    public static ConnectPacket WithKeepAlive(MqttBrokerOptions options, ConnectPacket packet)
    {
        if (packet.Version != MqttProtocolVersion.V5 || options.MaxKeepAlive is not { } longest)
            return packet;
        ushort seconds = (ushort)longest.TotalSeconds;
        return packet.KeepAliveSeconds > 0 && packet.KeepAliveSeconds <= seconds
            ? packet
            : packet with { KeepAliveSeconds = seconds, HasOtherKeepAlive = true };
    }

    public static TimeSpan Expiry(MqttBrokerOptions options, uint seconds)
    {
        var asked = TimeSpan.FromSeconds(seconds);
        return asked < options.MaxSessionExpiry ? asked : options.MaxSessionExpiry;
    }

    public static ConnAckPacket Accept(MqttBrokerOptions options, ConnectPacket packet, BrokerSession session, bool present)
    {
        uint granted = (uint)Math.Min(session.Expiry.TotalSeconds, uint.MaxValue);
        return new ConnAckPacket
        {
            SessionPresent = present,
            SessionExpirySeconds = granted == packet.SessionExpirySeconds ? null : granted,
            ReceiveMaximum = (ushort)options.ReceiveMaximum,
            MaximumPacketSize = (uint)options.MaxPacketSize,
            TopicAliasMaximum = (ushort)options.TopicAliasMaximum,
            ServerKeepAliveSeconds = packet.HasOtherKeepAlive ? packet.KeepAliveSeconds : null,
            ResponseInformation = packet.RequestResponseInformation ? options.ResponseInformation : null,
            AuthenticationMethod = packet.AuthenticationMethod,
            AuthenticationData = packet is { AuthenticationMethod: not null, AuthenticationData.IsEmpty: false } ? packet.AuthenticationData : null,
            AssignedClientId = packet.WasNamed ? packet.ClientId : null,
        };
    }

    /// <summary>Makes a name that was refused safe for a log.</summary>
    public static string Printable(string clientId) =>
        string.Concat(clientId.Take(64).Select(letter => char.IsControl(letter) ? '?' : letter));
}

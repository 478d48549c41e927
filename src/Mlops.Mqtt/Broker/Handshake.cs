using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Broker;

/// <summary>What the broker makes of a CONNECT, apart from who may connect.</summary>
internal static class Handshake
{
    /// <summary>Checks what the codec cannot know, names a client that has no name, and lowers what 3.1.1 cannot be told about.</summary>
    public static (ConnectPacket Packet, MqttReasonCode Reason) Check(ConnectPacket packet)
    {
        if (packet.AuthenticationMethod is not null)
            return (packet, MqttReasonCode.BadAuthenticationMethod);
        if (packet.ClientId.Any(char.IsControl))
            return (packet, MqttReasonCode.ClientIdentifierNotValid);
        if (packet.Will?.QualityOfService == MqttQualityOfService.ExactlyOnce)
        {
            if (packet.Version == MqttProtocolVersion.V5)
                return (packet, MqttReasonCode.QoSNotSupported);
            packet = packet with { Will = packet.Will with { QualityOfService = MqttQualityOfService.AtLeastOnce } };
        }

        if (packet.ClientId.Length > 0)
            return (packet, MqttReasonCode.Success);
        if (packet.Version == MqttProtocolVersion.V311 && !packet.CleanStart)
            return (packet, MqttReasonCode.ClientIdentifierNotValid);
        return (packet with { ClientId = $"auto-{Random.Shared.NextInt64():x16}", WasNamed = true }, MqttReasonCode.Success);
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
            MaximumQoS = MqttQualityOfService.AtLeastOnce,
            MaximumPacketSize = (uint)options.MaxPacketSize,
            AssignedClientId = packet.WasNamed ? packet.ClientId : null,
            SharedSubscriptionsAvailable = false,
        };
    }

    /// <summary>Makes a name that was refused safe for a log.</summary>
    public static string Printable(string clientId) =>
        string.Concat(clientId.Take(64).Select(letter => char.IsControl(letter) ? '?' : letter));
}

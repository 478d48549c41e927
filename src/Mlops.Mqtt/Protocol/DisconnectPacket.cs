using System.Text;

namespace Mlops.Mqtt.Protocol;

/// <summary>DISCONNECT (MQTT 5, section 3.14); empty in 3.1.1.</summary>
internal readonly record struct DisconnectPacket(
    MqttReasonCode Reason, uint? SessionExpirySeconds = null, string? ReasonString = null, string? ServerReference = null)
{
    public static DisconnectPacket Read(byte first, ReadOnlySpan<byte> body, MqttProtocolVersion version)
    {
        if ((first & 15) != 0)
            throw MqttProtocolException.Malformed("A reserved flag of DISCONNECT is set.");
        var reader = new PacketReader(body);
        if (version != MqttProtocolVersion.V5 || reader.AtEnd)
        {
            reader.ExpectEnd();
            return new DisconnectPacket(MqttReasonCode.Success);
        }

        var packet = new DisconnectPacket(ReasonRules.Check(PacketType.Disconnect, reader.ReadByte()));
        if (!reader.AtEnd)
        {
            var properties = new PropertyReader(reader.ReadProperties(), PacketType.Disconnect);
            while (properties.Next())
            {
                packet = properties.Id switch
                {
                    PropertyId.SessionExpiryInterval => packet with { SessionExpirySeconds = properties.Number },
                    PropertyId.ReasonString => packet with { ReasonString = Encoding.UTF8.GetString(properties.Bytes) },
                    PropertyId.ServerReference => packet with { ServerReference = Encoding.UTF8.GetString(properties.Bytes) },
                    _ => packet,
                };
            }
        }

        reader.ExpectEnd();
        return packet;
    }

    /// <param name="version">The version of the receiver.</param>
    /// <param name="limit">The largest packet that the receiver takes; the reason string is left out beyond it.</param>
    public byte[] Write(MqttProtocolVersion version, uint limit = uint.MaxValue)
    {
        if (version != MqttProtocolVersion.V5 || this == default(DisconnectPacket))
            return [(int)PacketType.Disconnect << 4, 0];
        var packet = new PacketBuilder().Byte((byte)Reason).BeginProperties()
            .Property(PropertyId.SessionExpiryInterval, SessionExpirySeconds ?? 0, SessionExpirySeconds is not null)
            .Property(PropertyId.ReasonString, ReasonString)
            .Property(PropertyId.ServerReference, ServerReference)
            .EndProperties()
            .Build(PacketType.Disconnect);
        return packet.Length <= limit || ReasonString is null ? packet : (this with { ReasonString = null }).Write(version);
    }
}

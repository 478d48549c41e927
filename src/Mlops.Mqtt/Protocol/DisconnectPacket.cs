namespace Mlops.Mqtt.Protocol;

/// <summary>DISCONNECT (MQTT 5, section 3.14); empty in 3.1.1.</summary>
internal readonly record struct DisconnectPacket(MqttReasonCode Reason, uint? SessionExpirySeconds = null)
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

        var reason = (MqttReasonCode)reader.ReadByte();
        uint? expiry = null;
        if (!reader.AtEnd)
        {
            var properties = new PropertyReader(reader.ReadProperties(), PacketType.Disconnect);
            while (properties.Next())
            {
                if (properties.Id == PropertyId.SessionExpiryInterval)
                    expiry = properties.Number;
            }
        }

        reader.ExpectEnd();
        return new DisconnectPacket(reason, expiry);
    }

    public byte[] Write(MqttProtocolVersion version)
    {
        if (version != MqttProtocolVersion.V5 || (Reason == MqttReasonCode.Success && SessionExpirySeconds is null))
            return [(int)PacketType.Disconnect << 4, 0];
        return new PacketBuilder().Byte((byte)Reason).BeginProperties()
            .Property(PropertyId.SessionExpiryInterval, SessionExpirySeconds ?? 0, SessionExpirySeconds is not null)
            .EndProperties()
            .Build(PacketType.Disconnect);
    }
}

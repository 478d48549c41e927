using System.Text;

namespace Mlops.Mqtt.Protocol;

/// <summary>SUBACK and UNSUBACK: one reason for each filter (MQTT 5, sections 3.9 and 3.11).</summary>
internal readonly ref struct SubAckPacket
{
    private SubAckPacket(ushort packetId, ReadOnlySpan<byte> reasons, string? reasonString)
    {
        PacketId = packetId;
        Reasons = reasons;
        ReasonString = reasonString;
    }

    /// <summary>What the broker says about the reasons, or null.</summary>
    public string? ReasonString { get; }

    public ushort PacketId { get; }

    /// <summary>One <see cref="MqttReasonCode"/> each; empty in an UNSUBACK of 3.1.1.</summary>
    public ReadOnlySpan<byte> Reasons { get; }

    public static SubAckPacket Read(byte first, ReadOnlySpan<byte> body, MqttProtocolVersion version)
    {
        var type = (PacketType)(first >> 4);
        if ((first & 15) != 0)
            throw MqttProtocolException.Malformed($"A reserved flag of {type} is set.");
        var reader = new PacketReader(body);
        ushort packetId = reader.ReadPacketId();
        string? text = null;
        if (version == MqttProtocolVersion.V5)
        {
            var properties = new PropertyReader(reader.ReadProperties(), type);
            while (properties.Next())
            {
                if (properties.Id == PropertyId.ReasonString)
                    text = Encoding.UTF8.GetString(properties.Bytes);
            }

            foreach (byte reason in reader.Rest)
                ReasonRules.Check(type, reason);
        }
        else if (type == PacketType.SubAck && reader.Rest.ContainsAnyExcept((ReadOnlySpan<byte>)[0, 1, 2, 0x80]))
        {
            throw MqttProtocolException.Malformed("SUBACK has a return code other than 0, 1, 2 and 0x80.");
        }
        else if (type == PacketType.UnsubAck)
        {
            reader.ExpectEnd();
        }

        return new SubAckPacket(packetId, reader.Rest, text);
    }

    public static byte[] Write(
        PacketType type, ushort packetId, ReadOnlySpan<byte> reasons, MqttProtocolVersion version, string? reasonString = null)
    {
        var builder = new PacketBuilder().UInt16(packetId);
        if (version == MqttProtocolVersion.V5)
            builder.BeginProperties().Property(PropertyId.ReasonString, reasonString).EndProperties().Raw(reasons);
        else if (type == PacketType.SubAck)
            builder.Raw(reasons);
        return builder.Build(type);
    }
}

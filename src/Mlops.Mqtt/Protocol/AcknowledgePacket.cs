using System.Text;

namespace Mlops.Mqtt.Protocol;

/// <summary>PUBACK, PUBREC, PUBREL and PUBCOMP: a packet identifier, and in version 5 a reason (MQTT 5, sections 3.4 to 3.7).</summary>
internal readonly record struct AcknowledgePacket(ushort PacketId, MqttReasonCode Reason, string? ReasonString = null)
{
    /// <summary>The most bytes that <see cref="Write"/> needs.</summary>
    public const int MaxSize = 5;

    public static AcknowledgePacket Read(byte first, ReadOnlySpan<byte> body, MqttProtocolVersion version)
    {
        var type = (PacketType)(first >> 4);
        if ((first & 15) != (type == PacketType.PubRel ? 2 : 0))
            throw MqttProtocolException.Malformed($"A reserved flag of {type} is set.");
        var reader = new PacketReader(body);
        ushort packetId = reader.ReadPacketId();
        var reason = MqttReasonCode.Success;
        string? text = null;
        if (version == MqttProtocolVersion.V5 && !reader.AtEnd)
        {
            reason = ReasonRules.Check(type, reader.ReadByte());
            if (!reader.AtEnd)
            {
                var properties = new PropertyReader(reader.ReadProperties(), type);
                while (properties.Next())
                {
                    // Only somebody who waits for the message is told, and only about a refusal.
                    if (properties.Id == PropertyId.ReasonString && reason >= MqttReasonCode.UnspecifiedError)
                        text = Encoding.UTF8.GetString(properties.Bytes);
                }
            }
        }

        reader.ExpectEnd();
        return new AcknowledgePacket(packetId, reason, text);
    }

    public int Write(Span<byte> target, PacketType type, MqttProtocolVersion version)
    {
        bool withReason = version == MqttProtocolVersion.V5 && Reason != MqttReasonCode.Success;
        target[0] = (byte)(((int)type << 4) | (type == PacketType.PubRel ? 2 : 0));
        target[1] = withReason ? (byte)3 : (byte)2;
        target[2] = (byte)(PacketId >> 8);
        target[3] = (byte)PacketId;
        if (withReason)
            target[4] = (byte)Reason;
        return withReason ? 5 : 4;
    }
}

namespace Mlops.Mqtt.Protocol;

/// <summary>SUBACK and UNSUBACK: one reason for each filter (MQTT 5, sections 3.9 and 3.11).</summary>
internal readonly ref struct SubAckPacket
{
    private SubAckPacket(ushort packetId, ReadOnlySpan<byte> reasons)
    {
        PacketId = packetId;
        Reasons = reasons;
    }

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
        if (version == MqttProtocolVersion.V5)
            new PropertyReader(reader.ReadProperties(), type).CheckAll();
        return new SubAckPacket(packetId, reader.Rest);
    }

    public static byte[] Write(PacketType type, ushort packetId, ReadOnlySpan<byte> reasons, MqttProtocolVersion version)
    {
        var builder = new PacketBuilder().UInt16(packetId);
        if (version == MqttProtocolVersion.V5)
            builder.BeginProperties().EndProperties().Raw(reasons);
        else if (type == PacketType.SubAck)
            builder.Raw(reasons);
        return builder.Build(type);
    }
}

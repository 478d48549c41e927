namespace Mlops.Mqtt.Protocol;

/// <summary>UNSUBSCRIBE as received (MQTT 5, section 3.10).</summary>
internal ref struct UnsubscribePacket
{
    private PacketReader reader;

    private UnsubscribePacket(ushort packetId, PacketReader reader)
    {
        PacketId = packetId;
        this.reader = reader;
    }

    public ushort PacketId { get; }

    public static UnsubscribePacket Read(byte first, ReadOnlySpan<byte> body, MqttProtocolVersion version)
    {
        if ((first & 15) != 2)
            throw MqttProtocolException.Malformed("The reserved flags of UNSUBSCRIBE are wrong.");
        var reader = new PacketReader(body);
        ushort packetId = reader.ReadPacketId();
        if (version == MqttProtocolVersion.V5)
            new PropertyReader(reader.ReadProperties(), PacketType.Unsubscribe).CheckAll();
        if (reader.AtEnd)
            throw MqttProtocolException.NotAllowed("UNSUBSCRIBE has no topic filter.");
        var packet = new UnsubscribePacket(packetId, reader);
        // As with SUBSCRIBE.
        var ahead = packet;
        while (ahead.Next(out _))
        {
        }

        return packet;
    }

    public bool Next(out string filter)
    {
        if (reader.AtEnd)
        {
            filter = "";
            return false;
        }

        filter = reader.ReadString();
        return MqttTopicFilter.IsWellFormed(filter) ? true : throw MqttProtocolException.Malformed("UNSUBSCRIBE has a text that is not a topic filter.");
    }

    public static byte[] Write(ushort packetId, string filter, MqttProtocolVersion version)
    {
        var builder = new PacketBuilder().UInt16(packetId);
        if (version == MqttProtocolVersion.V5)
            builder.BeginProperties().EndProperties();
        return builder.Text(filter).Build(PacketType.Unsubscribe, flags: 2);
    }
}

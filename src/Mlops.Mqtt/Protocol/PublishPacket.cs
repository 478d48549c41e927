namespace Mlops.Mqtt.Protocol;

/// <summary>PUBLISH as received (MQTT 5, section 3.3); everything stays in the receive buffer.</summary>
/// <remarks>The topic is not checked here: the topic cache does that once for each topic, not once for each message.</remarks>
internal readonly ref struct PublishPacket
{
    private PublishPacket(byte flags, ushort packetId, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> properties, ReadOnlySpan<byte> payload)
    {
        Flags = flags;
        PacketId = packetId;
        Topic = topic;
        Properties = properties;
        Payload = payload;
    }

    /// <summary>The lower four bits of the first byte: duplicate, quality of service, retain.</summary>
    public byte Flags { get; }

    public ushort PacketId { get; }

    public ReadOnlySpan<byte> Topic { get; }

    public ReadOnlySpan<byte> Properties { get; }

    public ReadOnlySpan<byte> Payload { get; }

    public MqttQualityOfService QualityOfService => PublishFlags.QualityOfService(Flags);

    public bool Retain => (Flags & PublishFlags.Retain) != 0;

    public static PublishPacket Read(byte first, ReadOnlySpan<byte> body, MqttProtocolVersion version)
    {
        byte flags = (byte)(first & 15);
        int quality = (flags >> 1) & 3;
        if (quality == 3)
            throw MqttProtocolException.Malformed("A PUBLISH has QoS 3.");
        if (quality == 0 && (flags & PublishFlags.Duplicate) != 0)
            throw MqttProtocolException.Malformed("A PUBLISH with QoS 0 is marked as a duplicate.");
        var reader = new PacketReader(body);
        var topic = reader.ReadUncheckedText();
        ushort packetId = quality == 0 ? (ushort)0 : reader.ReadPacketId();
        var properties = version == MqttProtocolVersion.V5 ? reader.ReadProperties() : default;
        if (!properties.IsEmpty)
            new PropertyReader(properties, PacketType.Publish).CheckAll();
        return new PublishPacket(flags, packetId, topic, properties, reader.Rest);
    }
}

namespace Mlops.Mqtt.Protocol;

/// <summary>PUBLISH as received (MQTT 5, section 3.3); everything stays in the receive buffer.</summary>
/// <remarks>The topic is not checked here: the topic cache does that once for each topic, not once for each message.</remarks>
internal readonly ref struct PublishPacket
{
    public MqttProtocolVersion Version { get; private init; }

    /// <summary>The lower four bits of the first byte: duplicate, quality of service, retain.</summary>
    public byte Flags { get; private init; }

    public ushort PacketId { get; private init; }

    /// <summary>The topic, UTF-8; empty when an alias stands for it.</summary>
    public ReadOnlySpan<byte> Topic { get; private init; }

    public PublishProperties Properties { get; private init; }

    public ReadOnlySpan<byte> Payload { get; private init; }

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
        return new PublishPacket
        {
            Version = version,
            Flags = flags,
            PacketId = packetId,
            Topic = topic,
            Properties = version == MqttProtocolVersion.V5 ? PublishProperties.Read(reader.ReadProperties()) : default,
            Payload = reader.Rest,
        };
    }
}

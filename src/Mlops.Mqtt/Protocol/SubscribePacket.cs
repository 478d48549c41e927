namespace Mlops.Mqtt.Protocol;

/// <summary>SUBSCRIBE as received (MQTT 5, section 3.8). The filters are walked through, not listed: a packet may hold very many.</summary>
internal ref struct SubscribePacket
{
    private readonly MqttProtocolVersion version;
    private PacketReader reader;

    private SubscribePacket(ushort packetId, uint subscriptionId, PacketReader reader, MqttProtocolVersion version)
    {
        PacketId = packetId;
        SubscriptionId = subscriptionId;
        this.reader = reader;
        this.version = version;
    }

    public ushort PacketId { get; }

    /// <summary>The identifier to send along with each message, or 0.</summary>
    public uint SubscriptionId { get; }

    public static SubscribePacket Read(byte first, ReadOnlySpan<byte> body, MqttProtocolVersion version)
    {
        if ((first & 15) != 2)
            throw MqttProtocolException.Malformed("The reserved flags of SUBSCRIBE are wrong.");
        var reader = new PacketReader(body);
        ushort packetId = reader.ReadPacketId();
        uint subscriptionId = 0;
        if (version == MqttProtocolVersion.V5)
        {
            var properties = new PropertyReader(reader.ReadProperties(), PacketType.Subscribe);
            while (properties.Next())
            {
                if (properties.Id == PropertyId.SubscriptionIdentifier)
                    subscriptionId = properties.Number;
            }
        }

        if (reader.AtEnd)
            throw MqttProtocolException.NotAllowed("SUBSCRIBE has no topic filter.");
        var packet = new SubscribePacket(packetId, subscriptionId, reader, version);
        // All are looked at before the first is obeyed: a packet that is not one changes nothing.
        var ahead = packet;
        while (ahead.Next(out _, out _))
        {
        }

        return packet;
    }

    public bool Next(out string filter, out SubscriptionOptions options)
    {
        if (reader.AtEnd)
        {
            filter = "";
            options = default;
            return false;
        }

        filter = reader.ReadString();
        if (!MqttTopicFilter.IsWellFormed(filter))
            throw MqttProtocolException.Malformed("SUBSCRIBE has a text that is not a topic filter.");
        options = SubscriptionOptions.FromByte(reader.ReadByte(), version);
        if (options.NoLocal && SharedFilter.IsShared(filter))
            throw MqttProtocolException.NotAllowed("A shared subscription asks for no local messages.");
        return true;
    }

    public static byte[] Write(
        ushort packetId,
        uint subscriptionId,
        string filter,
        SubscriptionOptions options,
        MqttProtocolVersion version,
        IReadOnlyList<MqttUserProperty>? userProperties = null)
    {
        var builder = new PacketBuilder().UInt16(packetId);
        if (version == MqttProtocolVersion.V5)
        {
            builder.BeginProperties()
                .Property(PropertyId.SubscriptionIdentifier, subscriptionId, subscriptionId != 0)
                .UserProperties(userProperties ?? [])
                .EndProperties();
        }

        return builder.Text(filter).Byte(options.ToByte(version)).Build(PacketType.Subscribe, flags: 2);
    }
}

using System.Buffers.Binary;

namespace Mlops.Mqtt.Protocol;

/// <summary>Writes all of a PUBLISH but its payload, straight into the send buffer.</summary>
internal readonly ref struct PublishWriter
{
    private readonly ReadOnlySpan<byte> topic;
    private readonly ReadOnlySpan<byte> properties;
    private readonly ReadOnlySpan<uint> subscriptionIds;
    private readonly uint? expirySeconds;
    private readonly ushort alias;
    private readonly byte flags;
    private readonly bool v5;
    private readonly int propertiesLength;
    private readonly int bodyLength;

    /// <param name="flags">The lower four bits of the first byte.</param>
    /// <param name="topic">The topic, UTF-8; empty when the receiver knows its alias.</param>
    /// <param name="properties">Encoded properties without their length; left out for 3.1.1, as are the ones that follow.</param>
    /// <param name="subscriptionIds">The subscriptions that the message is sent for.</param>
    /// <param name="payloadLength">Bytes that the caller writes behind the header.</param>
    /// <param name="version">The version that the receiver speaks.</param>
    /// <param name="expirySeconds">How long the message still has.</param>
    /// <param name="alias">The alias of the topic, or 0.</param>
    public PublishWriter(
        byte flags,
        ReadOnlySpan<byte> topic,
        ReadOnlySpan<byte> properties,
        ReadOnlySpan<uint> subscriptionIds,
        int payloadLength,
        MqttProtocolVersion version,
        uint? expirySeconds = null,
        ushort alias = 0)
    {
        this.flags = flags;
        this.topic = topic;
        this.properties = properties;
        this.subscriptionIds = subscriptionIds;
        this.expirySeconds = expirySeconds;
        this.alias = alias;
        v5 = version == MqttProtocolVersion.V5;
        bodyLength = 2 + topic.Length + (HasPacketId ? 2 : 0) + payloadLength;
        if (v5)
        {
            propertiesLength = properties.Length + (expirySeconds is null ? 0 : 5) + (alias == 0 ? 0 : 3);
            foreach (uint id in subscriptionIds)
                propertiesLength += 1 + VariableByteInteger.SizeOf((int)id);
            bodyLength += VariableByteInteger.SizeOf(propertiesLength) + propertiesLength;
        }

        PacketLength = 1 + VariableByteInteger.SizeOf(bodyLength) + bodyLength;
        HeaderLength = PacketLength - payloadLength;
    }

    /// <summary>The length of the whole packet, payload included.</summary>
    public int PacketLength { get; }

    /// <summary>The length of what <see cref="Write"/> writes.</summary>
    public int HeaderLength { get; }

    private bool HasPacketId => (flags & 6) != 0;

    public void Write(Span<byte> target, ushort packetId)
    {
        target[0] = (byte)(((int)PacketType.Publish << 4) | flags);
        int at = 1 + VariableByteInteger.Write(target[1..], bodyLength);
        BinaryPrimitives.WriteUInt16BigEndian(target[at..], (ushort)topic.Length);
        topic.CopyTo(target[(at + 2)..]);
        at += 2 + topic.Length;
        if (HasPacketId)
        {
            BinaryPrimitives.WriteUInt16BigEndian(target[at..], packetId);
            at += 2;
        }

        if (v5)
            WriteProperties(target, at);
    }

    private void WriteProperties(Span<byte> target, int at)
    {
        at += VariableByteInteger.Write(target[at..], propertiesLength);
        foreach (uint id in subscriptionIds)
        {
            target[at++] = (byte)PropertyId.SubscriptionIdentifier;
            at += VariableByteInteger.Write(target[at..], (int)id);
        }

        if (expirySeconds is { } seconds)
        {
            target[at] = (byte)PropertyId.MessageExpiryInterval;
            BinaryPrimitives.WriteUInt32BigEndian(target[(at + 1)..], seconds);
            at += 5;
        }

        if (alias != 0)
        {
            target[at] = (byte)PropertyId.TopicAlias;
            BinaryPrimitives.WriteUInt16BigEndian(target[(at + 1)..], alias);
            at += 3;
        }

        properties.CopyTo(target[at..]);
    }
}

using System.Buffers.Binary;

namespace Mlops.Mqtt.Protocol;

/// <summary>Writes all of a PUBLISH but its payload, straight into the send buffer.</summary>
internal readonly ref struct PublishWriter
{
    private readonly ReadOnlySpan<byte> topic;
    private readonly ReadOnlySpan<byte> properties;
    private readonly ReadOnlySpan<uint> subscriptionIds;
    private readonly byte flags;
    private readonly bool v5;
    private readonly int propertiesLength;
    private readonly int bodyLength;

    /// <param name="flags">The lower four bits of the first byte.</param>
    /// <param name="topic">The topic, UTF-8.</param>
    /// <param name="properties">Encoded properties without their length; left out for 3.1.1.</param>
    /// <param name="subscriptionIds">Added to the properties; left out for 3.1.1.</param>
    /// <param name="payloadLength">Bytes that the caller writes behind the header.</param>
    /// <param name="version">The version that the receiver speaks.</param>
    public PublishWriter(
        byte flags,
        ReadOnlySpan<byte> topic,
        ReadOnlySpan<byte> properties,
        ReadOnlySpan<uint> subscriptionIds,
        int payloadLength,
        MqttProtocolVersion version)
    {
        this.flags = flags;
        this.topic = topic;
        this.properties = properties;
        this.subscriptionIds = subscriptionIds;
        v5 = version == MqttProtocolVersion.V5;
        bodyLength = 2 + topic.Length + (HasPacketId ? 2 : 0) + payloadLength;
        if (v5)
        {
            propertiesLength = properties.Length;
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

        if (!v5)
            return;
        at += VariableByteInteger.Write(target[at..], propertiesLength);
        foreach (uint id in subscriptionIds)
        {
            target[at++] = (byte)PropertyId.SubscriptionIdentifier;
            at += VariableByteInteger.Write(target[at..], (int)id);
        }

        properties.CopyTo(target[at..]);
    }
}

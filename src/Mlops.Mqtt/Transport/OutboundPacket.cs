using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt.Transport;

/// <summary>One packet on its way to the socket: a PUBLISH, a short acknowledgement, or the bytes of a rare packet.</summary>
internal readonly struct OutboundPacket
{
    private OutboundPacket(PacketType type) => Type = type;

    public PacketType Type { get; }

    public SharedMessage? Message { get; private init; }

    public uint[]? SubscriptionIds { get; private init; }

    public byte[]? Encoded { get; private init; }

    public ushort PacketId { get; private init; }

    public byte Flags { get; private init; }

    public MqttReasonCode Reason { get; private init; }

    /// <summary>A PUBLISH; the packet owns one reference to the message.</summary>
    public static OutboundPacket Publish(SharedMessage message, byte flags, ushort packetId, uint[]? subscriptionIds) =>
        new(PacketType.Publish) { Message = message, Flags = flags, PacketId = packetId, SubscriptionIds = subscriptionIds };

    /// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP.</summary>
    public static OutboundPacket Acknowledge(PacketType type, ushort packetId, MqttReasonCode reason) =>
        new(type) { PacketId = packetId, Reason = reason };

    public static OutboundPacket Ping(PacketType type) => new(type);

    public static OutboundPacket Of(byte[] encoded) => new((PacketType)(encoded[0] >> 4)) { Encoded = encoded };
}

using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt.Sessions;

/// <summary>One message on its way to one receiver.</summary>
/// <param name="Message">The message; null once the receiver has it. The delivery owns one reference.</param>
/// <param name="Flags">The lower four bits of the PUBLISH, without the duplicate flag.</param>
/// <param name="SubscriptionIds">The identifiers of the subscriptions that it is sent for.</param>
/// <param name="Completion">Told when the message is acknowledged (QoS 1 and 2) or handed to the connection (QoS 0).</param>
internal record struct Delivery(SharedMessage? Message, byte Flags, uint[]? SubscriptionIds, PublishCompletion Completion)
{
    /// <summary>Whether the receiver has the message (PUBREC) and only has to be told that its identifier is free (PUBREL).</summary>
    public bool IsReleased { get; set; }

    /// <summary>The attachment in which the message was last sent, as it counts against the window of that one only.</summary>
    public int SentIn { get; set; }

    /// <summary>The number of the delivery in its session, rising from 1; 0 for QoS 0. The packet identifier follows from it.</summary>
    public long Sequence { get; init; }

    /// <summary>Where the journal has noted what must be on the disk before the next packet about it may be sent; 0 for nothing.</summary>
    public long Noted { get; set; }

    /// <summary>Those who share the subscription that it is sent for, or null.</summary>
    public object? Group { get; init; }

    /// <summary>With a group: the flags with which the message was published.</summary>
    public byte Published { get; init; }

    /// <summary>Whether the place is taken: in flight a finished delivery leaves it empty until all older ones are finished.</summary>
    public readonly bool IsOpen => Message is not null || IsReleased;

    /// <summary>Whether its packet is not larger than the receiver allows.</summary>
    public readonly bool Fits(uint maxPacketSize, MqttProtocolVersion version, TimeProvider time)
    {
        var message = Message!;
        // The sum bounds what the header can add; only packets near the limit are measured exactly.
        if (message.Length + 64L + (6L * (SubscriptionIds?.Length ?? 0)) <= maxPacketSize)
            return true;
        var writer = new PublishWriter(
            Flags, message.TopicUtf8, message.Properties, SubscriptionIds, message.Payload.Length, version, MessageClock.Left(time, message.ExpiresAt));
        return (uint)writer.PacketLength <= maxPacketSize;
    }
}

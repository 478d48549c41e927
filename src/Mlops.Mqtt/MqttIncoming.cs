using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt;

/// <summary>One received message, seen in the receive buffer without a copy.</summary>
public readonly ref struct MqttIncoming
{
    private readonly TopicEntry topic;
    private readonly byte flags;

    internal MqttIncoming(TopicEntry topic, ReadOnlySpan<byte> payload, byte flags, long receivedTicks, bool moreBuffered)
    {
        this.topic = topic;
        this.flags = flags;
        Payload = payload;
        ReceivedTicks = receivedTicks;
        MoreBuffered = moreBuffered;
    }

    internal MqttIncoming(in MqttIncoming message, MqttAcknowledgement acknowledgement)
    {
        this = message;
        Acknowledgement = acknowledgement;
    }

    /// <summary>Gets the topic. The string is cached for the connection, so reading it again for the next message costs nothing.</summary>
    public string Topic => topic.Topic;

    /// <summary>Gets the topic as UTF-8, valid for as long as the caller likes to keep the message.</summary>
    public ReadOnlySpan<byte> TopicUtf8 => topic.Utf8;

    /// <summary>Gets the payload, valid only until the handler returns.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Gets the quality of service with which the message was sent to this side.</summary>
    public MqttQualityOfService QualityOfService => (MqttQualityOfService)((flags >> 1) & 3);

    /// <summary>Gets whether the message was kept by the broker before this side subscribed.</summary>
    public bool Retain => (flags & 1) != 0;

    /// <summary>Gets whether the sender says that it may have sent this message before.</summary>
    public bool Duplicate => (flags & 8) != 0;

    /// <summary>Gets <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/> as taken right after the bytes were read from the socket.</summary>
    public long ReceivedTicks { get; }

    /// <summary>Gets whether a complete further packet is already buffered, so that another call follows at once.</summary>
    public bool MoreBuffered { get; }

    /// <summary>Gets the client that published the message, when it is seen by the broker; otherwise null.</summary>
    public string? ClientId { get; internal init; }

    /// <summary>Gets what releases the acknowledgement of the message; does nothing where nobody waits for it.</summary>
    public MqttAcknowledgement Acknowledgement { get; }

    internal TopicEntry Entry => topic;

    internal byte Flags => flags;

    /// <summary>Gives the same message as the receiver of an older or newer subscription sees it.</summary>
    internal MqttIncoming WithFlags(byte other) =>
        new(topic, Payload, other, ReceivedTicks, MoreBuffered) { ClientId = ClientId };
}

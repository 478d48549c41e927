using System.Text;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Sessions;

namespace Mlops.Mqtt;

/// <summary>One received message, seen in the receive buffer without a copy. Properties are read from the buffer when asked for.</summary>
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

    /// <summary>Gets the client that published the message, when it is seen by the broker, or <c>bridge-NAME</c> for what a bridge has brought; otherwise null.</summary>
    public string? ClientId { get; internal init; }

    /// <summary>Gets what releases the acknowledgement of the message; does nothing where nobody waits for it.</summary>
    public MqttAcknowledgement Acknowledgement { get; }

    /// <summary>Gets whether the sender says that the payload is UTF-8 text.</summary>
    public bool IsText => Properties.IsText;

    /// <summary>Gets how long the message is still worth delivering, or null for ever.</summary>
    public TimeSpan? Expiry => ExpirySeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>Gets the media type of the payload as a string made now, or null.</summary>
    public string? ContentType => TextOf(PropertyId.ContentType);

    /// <summary>Gets the media type of the payload as UTF-8, valid only until the handler returns; empty when there is none.</summary>
    public ReadOnlySpan<byte> ContentTypeUtf8 => Find(PropertyId.ContentType, out _);

    /// <summary>Gets the topic that the sender expects an answer on as a string made now, or null.</summary>
    public string? ResponseTopic => TextOf(PropertyId.ResponseTopic);

    /// <summary>Gets the topic that the sender expects an answer on as UTF-8, valid only until the handler returns; empty when there is none.</summary>
    public ReadOnlySpan<byte> ResponseTopicUtf8 => Find(PropertyId.ResponseTopic, out _);

    /// <summary>Gets what an answer has to carry, valid only until the handler returns; empty when there is none.</summary>
    public ReadOnlySpan<byte> CorrelationData => Find(PropertyId.CorrelationData, out _);

    /// <summary>Gets names and values of the application's own, in their order.</summary>
    public MqttUserProperties UserProperties => new(Properties.Section);

    internal PublishProperties Properties { get; init; }

    /// <summary>What is left of the expiry where it is not among the properties any more.</summary>
    internal uint? ExpiryLeft { get; init; }

    internal uint? ExpirySeconds => ExpiryLeft ?? Properties.ExpirySeconds;

    internal TopicEntry Entry => topic;

    internal byte Flags => flags;

    /// <summary>Copies the message, so that it can be kept.</summary>
    /// <returns>The copy; <see cref="MqttMessage.WasRetained"/> tells what <see cref="Retain"/> tells.</returns>
    public MqttMessage ToMessage()
    {
        var correlation = Find(PropertyId.CorrelationData, out bool hasCorrelation);
        return new MqttMessage
        {
            Topic = Topic,
            Payload = Payload.ToArray(),
            QualityOfService = QualityOfService,
            WasRetained = Retain,
            IsText = IsText,
            ContentType = ContentType,
            ResponseTopic = ResponseTopic,
            CorrelationData = hasCorrelation ? correlation.ToArray() : default(ReadOnlyMemory<byte>?),
            Expiry = Expiry,
            UserProperties = Properties.Section.IsEmpty ? [] : UserProperties.ToList(),
            Acknowledgement = Acknowledgement,
        };
    }

    /// <summary>Gives the same message as the receiver of an older or newer subscription sees it.</summary>
    internal MqttIncoming WithFlags(byte other) =>
        new(topic, Payload, other, ReceivedTicks, MoreBuffered) { ClientId = ClientId, Properties = Properties, ExpiryLeft = ExpiryLeft };

    private string? TextOf(PropertyId id)
    {
        var utf8 = Find(id, out bool found);
        return found ? Encoding.UTF8.GetString(utf8) : null;
    }

    private ReadOnlySpan<byte> Find(PropertyId id, out bool found)
    {
        var properties = new PropertyReader(Properties.Section, PacketType.Publish);
        while (properties.Next())
        {
            if (properties.Id != id)
                continue;
            found = true;
            return properties.Bytes;
        }

        found = false;
        return default;
    }
}

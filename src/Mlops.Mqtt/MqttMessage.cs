using System.Text.Unicode;
using Mlops.Mqtt.Protocol;

namespace Mlops.Mqtt;

/// <summary>A message with all that MQTT 5 can say about it. To a peer of version 3.1.1 only topic, payload, quality and retain are sent.</summary>
public class MqttMessage
{
    /// <summary>Gets or sets the topic, without wildcards.</summary>
    public required string Topic { get; set; }

    /// <summary>Gets or sets the payload; must not change while the message is being published.</summary>
    /// <value>Empty by default.</value>
    public ReadOnlyMemory<byte> Payload { get; set; }

    /// <summary>Gets or sets the quality of service.</summary>
    /// <value>QoS 0 by default.</value>
    public MqttQualityOfService QualityOfService { get; set; }

    /// <summary>Gets or sets whether the broker keeps the message for later subscribers; an empty payload removes the kept one.</summary>
    public bool Retain { get; set; }

    /// <summary>Gets or sets whether the payload is UTF-8 text (the payload format indicator). Who publishes it is held to that.</summary>
    public bool IsText { get; set; }

    /// <summary>Gets or sets the media type of the payload.</summary>
    public string? ContentType { get; set; }

    /// <summary>Gets or sets the topic that an answer is expected on.</summary>
    public string? ResponseTopic { get; set; }

    /// <summary>Gets or sets what an answer has to carry, so that it is recognised; null for none.</summary>
    public ReadOnlyMemory<byte>? CorrelationData { get; set; }

    /// <summary>Gets or sets how long the message is worth delivering; after that it is dropped. In whole seconds, rounded up.</summary>
    /// <value>Null by default: for ever.</value>
    public TimeSpan? Expiry { get; set; }

    /// <summary>Gets or sets names and values of the application's own.</summary>
    public IReadOnlyList<MqttUserProperty> UserProperties { get; set; } = [];

    /// <summary>Gets whether the message has been kept by the broker from before; only of received messages.</summary>
    public bool WasRetained { get; internal init; }

    /// <summary>Gets what releases the acknowledgement of a received message that is acknowledged by hand.</summary>
    public MqttAcknowledgement Acknowledgement { get; internal init; }

    internal uint? ExpirySeconds => Expiry is { } expiry ? (uint)Math.Min(uint.MaxValue, Math.Ceiling(expiry.TotalSeconds)) : null;

    /// <summary>Encodes what travels with the message, without its expiry; null when there is nothing.</summary>
    internal byte[]? EncodeProperties()
    {
        if (!IsText && ContentType is null && ResponseTopic is null && CorrelationData is null && UserProperties.Count == 0)
            return null;
        var builder = new PacketBuilder()
            .Property(PropertyId.PayloadFormatIndicator, 1, IsText)
            .Property(PropertyId.ContentType, ContentType)
            .Property(PropertyId.ResponseTopic, ResponseTopic);
        if (CorrelationData is { } data)
            builder.Property(PropertyId.CorrelationData, data.Span);
        return builder.UserProperties(UserProperties).ToArray();
    }

    /// <summary>Lists what cannot be published, for an exception's message; null when all can.</summary>
    internal string? FindProblem()
    {
        if (!MqttTopicFilter.IsValidTopic(Topic))
            return $"Nothing can be published to '{Topic}': a topic is not empty, has no wildcard, no NUL, and at most 65535 bytes.";
        if (QualityOfService > MqttQualityOfService.ExactlyOnce)
            return $"The quality of service of a message for '{Topic}' is {(int)QualityOfService}: set 0, 1 or 2.";
        if (ResponseTopic is not null && !MqttTopicFilter.IsValidTopic(ResponseTopic))
            return $"The response topic '{ResponseTopic}' of a message for '{Topic}' is no topic: it must not be empty or have a wildcard.";
        if (IsText && !Utf8.IsValid(Payload.Span))
            return $"The payload of a message for '{Topic}' is marked as text but is not UTF-8. Leave IsText false or encode the payload.";
        return Expiry < TimeSpan.Zero ? $"The expiry of a message for '{Topic}' is {Expiry}: set zero or more." : null;
    }
}

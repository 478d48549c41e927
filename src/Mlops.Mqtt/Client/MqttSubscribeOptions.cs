namespace Mlops.Mqtt;

/// <summary>How a client wants to get the messages of a filter. Of several subscriptions to one filter the last one decides.</summary>
public sealed class MqttSubscribeOptions
{
    /// <summary>Gets or sets the highest quality with which the broker is to send.</summary>
    /// <value>QoS 1 by default.</value>
    public MqttQualityOfService QualityOfService { get; set; } = MqttQualityOfService.AtLeastOnce;

    /// <summary>Gets or sets whether the client's own messages stay away (MQTT 5); not with shared subscriptions.</summary>
    public bool NoLocal { get; set; }

    /// <summary>Gets or sets whether live messages keep the retain flag with which they were published (MQTT 5).</summary>
    public bool RetainAsPublished { get; set; }

    /// <summary>Gets or sets when retained messages are sent (MQTT 5).</summary>
    public MqttRetainHandling RetainHandling { get; set; }

    /// <summary>Gets or sets whether the handler acknowledges each message itself, as with <see cref="MqttClientOptions.ManualAcknowledgement"/>.</summary>
    public bool ManualAcknowledgement { get; set; }

    /// <summary>Gets or sets names and values that are sent along with SUBSCRIBE (MQTT 5).</summary>
    public IReadOnlyList<MqttUserProperty> UserProperties { get; set; } = [];
}

namespace Mlops.Mqtt.Client;

/// <summary>All handlers of one client for one filter: to the broker they are one subscription.</summary>
internal sealed class FilterGroup(string filter, uint id)
{
    public string Filter { get; } = filter;

    /// <summary>The subscription identifier that MQTT 5 brokers send along with each message.</summary>
    public uint Id { get; } = id;

    /// <summary>How the broker is asked for the messages: as the last one who subscribed said, with the highest quality of all.</summary>
    public MqttSubscribeOptions Options { get; set; } = new();

    public MqttQualityOfService QualityOfService { get; set; }

    /// <summary>Replaced, never changed, so that it can be read without a lock.</summary>
    public MqttSubscription[] Subscriptions { get; set; } = [];

    /// <summary>The broker's last answer, with what it says about it.</summary>
    public MqttReasonCode? Reason { get; set; }

    public string? ReasonString { get; set; }

    public MqttQualityOfService? Granted { get; set; }

    /// <summary>Whether the broker's present session has the subscription as this client made it.</summary>
    public bool Established { get; set; }
}

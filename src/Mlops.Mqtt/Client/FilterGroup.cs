namespace Mlops.Mqtt.Client;

/// <summary>All handlers of one client for one filter: to the broker they are one subscription.</summary>
internal sealed class FilterGroup(string filter, uint id)
{
    public string Filter { get; } = filter;

    /// <summary>The subscription identifier that MQTT 5 brokers send along with each message.</summary>
    public uint Id { get; } = id;

    public MqttQualityOfService QualityOfService { get; set; }

    /// <summary>Replaced, never changed, so that it can be read without a lock.</summary>
    public MqttSubscription[] Subscriptions { get; set; } = [];

    public MqttQualityOfService? Granted { get; set; }

    /// <summary>Whether the broker's present session has the subscription as this client made it.</summary>
    public bool Established { get; set; }
}

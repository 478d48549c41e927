namespace Mlops.Mqtt.Broker;

/// <summary>A subscriber in the broker's own process.</summary>
internal sealed record LocalSubscriber(string Filter, MqttMessageHandler Handler, bool ManualAcknowledgement);

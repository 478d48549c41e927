namespace Mlops.Mqtt.Broker;

/// <summary>A subscriber in the broker's own process.</summary>
/// <param name="Filter">The topic filter.</param>
/// <param name="Handler">Called for each message.</param>
/// <param name="ManualAcknowledgement">Whether it holds acknowledgements.</param>
/// <param name="RetainAsPublished">Whether live messages keep the retain flag.</param>
internal sealed record LocalSubscriber(string Filter, MqttMessageHandler Handler, bool ManualAcknowledgement, bool RetainAsPublished = false);

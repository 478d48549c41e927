namespace Mlops.Mqtt;

/// <summary>A name and a value that travel with a packet of MQTT 5. Names may repeat; the order is kept.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The value.</param>
public readonly record struct MqttUserProperty(string Name, string Value);

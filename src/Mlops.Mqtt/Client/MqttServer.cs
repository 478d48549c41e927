namespace Mlops.Mqtt;

/// <summary>Where a broker is reached.</summary>
/// <param name="Host">Its name or address.</param>
/// <param name="Port">Its TCP port.</param>
public readonly record struct MqttServer(string Host, int Port = 1883);

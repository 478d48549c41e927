namespace Mlops.Client;

/// <summary>Where an MQTT broker is reached.</summary>
/// <param name="Host">Name or address, for clients on the node's machine.</param>
/// <param name="Port">The port.</param>
public sealed record BrokerAddress(string Host, int Port);

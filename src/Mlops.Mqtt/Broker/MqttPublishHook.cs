namespace Mlops.Mqtt;

/// <summary>Sees each message that a network client or a bridge publishes, before it is routed; one at a time for each client, on its read loop.</summary>
/// <remarks>
/// With <see cref="MqttPublishDecision.Hold"/> the client's PUBACK waits until <see cref="MqttIncoming.Acknowledgement"/> is completed,
/// from any thread, even before the hook returns. Routing does not wait. PUBACKs of one client keep their order, so later ones wait too.
/// Must not block; an exception is logged and counted, and holds nothing.
/// </remarks>
/// <param name="message">The message as it was published; cannot be stored.</param>
/// <returns>Whether the hook completes the acknowledgement itself.</returns>
public delegate MqttPublishDecision MqttPublishHook(in MqttIncoming message);

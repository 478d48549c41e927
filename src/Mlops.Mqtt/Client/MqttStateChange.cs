namespace Mlops.Mqtt;

/// <summary>One change of a client's state.</summary>
/// <param name="State">The new state.</param>
/// <param name="SessionPresent">When connected: whether the broker still had the session.</param>
/// <param name="Reason">When disconnected: why, as MQTT 5 numbers it; <see cref="MqttReasonCode.Success"/> when asked for.</param>
/// <param name="Error">When disconnected: what went wrong, or null when it was asked for.</param>
public readonly record struct MqttStateChange(MqttClientState State, bool SessionPresent, MqttReasonCode Reason, Exception? Error);

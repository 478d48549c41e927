namespace Mlops.Mqtt;

/// <summary>The outcome of one step of an enhanced authentication.</summary>
/// <param name="Reason"><see cref="MqttReasonCode.ContinueAuthentication"/> to go on, <see cref="MqttReasonCode.Success"/> when this side
/// is satisfied, or why it is not, such as <see cref="MqttReasonCode.NotAuthorized"/>.</param>
/// <param name="Data">What to send to the peer; may be empty.</param>
public readonly record struct MqttAuthenticationStep(MqttReasonCode Reason, ReadOnlyMemory<byte> Data = default);

namespace Mlops.Mqtt;

/// <summary>The message that the broker publishes when the client is gone without having said so. Its payload has 65535 bytes at most.</summary>
public sealed class MqttWill : MqttMessage
{
    /// <summary>Gets or sets how long the broker waits before it publishes the will (MQTT 5); it does not when the client is back by then.</summary>
    /// <value>Zero by default. The end of the session ends the waiting.</value>
    public TimeSpan Delay { get; set; }
}

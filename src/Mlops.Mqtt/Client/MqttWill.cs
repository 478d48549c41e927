namespace Mlops.Mqtt;

/// <summary>The message that the broker publishes when the client is gone without having said so.</summary>
public sealed class MqttWill
{
    /// <summary>Gets or sets the topic.</summary>
    public required string Topic { get; set; }

    /// <summary>Gets or sets the payload.</summary>
    /// <value>Empty by default; 65535 bytes at most.</value>
    public ReadOnlyMemory<byte> Payload { get; set; }

    /// <summary>Gets or sets the quality of service.</summary>
    /// <value>QoS 0 by default; QoS 2 is not offered.</value>
    public MqttQualityOfService QualityOfService { get; set; }

    /// <summary>Gets or sets whether the broker keeps the message for later subscribers.</summary>
    public bool Retain { get; set; }
}

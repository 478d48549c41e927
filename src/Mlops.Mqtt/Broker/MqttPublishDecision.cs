namespace Mlops.Mqtt;

/// <summary>Names what a publish hook wants with the acknowledgement of a message.</summary>
public enum MqttPublishDecision
{
    /// <summary>The hook is done with the message.</summary>
    Continue,

    /// <summary>The hook completes <see cref="MqttIncoming.Acknowledgement"/> when it is done.</summary>
    Hold,
}

namespace Mlops.Mqtt;

/// <summary>Names when the broker sends its retained messages for a subscription (MQTT 5, section 3.8.3.1).</summary>
public enum MqttRetainHandling : byte
{
    /// <summary>Each time the subscription is made.</summary>
    Send,

    /// <summary>Only when the subscription did not exist before.</summary>
    SendIfNew,

    /// <summary>Never.</summary>
    DoNotSend,
}

namespace Mlops.Mqtt;

/// <summary>Names what a client does with a topic.</summary>
public enum MqttAccess
{
    /// <summary>It sends messages.</summary>
    Publish,

    /// <summary>It asks for messages.</summary>
    Subscribe,
}

namespace Mlops.Mqtt;

/// <summary>Names how hard the two sides of a connection try to hand a message over.</summary>
public enum MqttQualityOfService : byte
{
    /// <summary>QoS 0: sent once, never acknowledged, lost when the connection breaks.</summary>
    AtMostOnce,

    /// <summary>QoS 1: sent again until it is acknowledged; may arrive more than once.</summary>
    AtLeastOnce,

    /// <summary>QoS 2. Neither the client nor the broker offers it: the broker grants and advertises at most QoS 1.</summary>
    ExactlyOnce,
}

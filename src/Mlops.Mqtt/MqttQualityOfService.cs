namespace Mlops.Mqtt;

/// <summary>Names how hard the two sides of a connection try to hand a message over.</summary>
public enum MqttQualityOfService : byte
{
    /// <summary>QoS 0: sent once, never acknowledged, lost when the connection breaks.</summary>
    AtMostOnce,

    /// <summary>QoS 1: sent again until it is acknowledged; may arrive more than once.</summary>
    AtLeastOnce,

    /// <summary>QoS 2: handed on once, by two exchanges, for as long as both sides keep the session.</summary>
    ExactlyOnce,
}

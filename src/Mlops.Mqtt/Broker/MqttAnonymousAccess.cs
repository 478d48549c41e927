namespace Mlops.Mqtt;

/// <summary>Names who may connect without a user name.</summary>
public enum MqttAnonymousAccess
{
    /// <summary>Nobody.</summary>
    Nobody,

    /// <summary>Clients on the machine of the broker. A proxy on that machine makes all its clients look so.</summary>
    Loopback,

    /// <summary>Everybody who reaches the listener.</summary>
    Everybody,
}

namespace Mlops.Mqtt;

/// <summary>Names what a client is doing.</summary>
public enum MqttClientState
{
    /// <summary>There is no connection.</summary>
    Disconnected,

    /// <summary>A connection is being made.</summary>
    Connecting,

    /// <summary>The broker has accepted the client, and its subscriptions are in place.</summary>
    Connected,
}

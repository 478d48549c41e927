namespace Mlops.Mqtt.Broker.Statistics;

/// <summary>Names why a connection was refused.</summary>
internal enum RefusalReason
{
    /// <summary>User name or password are wrong.</summary>
    Credentials,

    /// <summary>It has no right to connect.</summary>
    Rights,

    /// <summary>The method of authentication is not known.</summary>
    Method,

    /// <summary>The client identifier cannot be used.</summary>
    Identifier,

    /// <summary>Its address connects too often, or has given too many wrong passwords.</summary>
    Rate,

    /// <summary>Too many clients are connected, in all or from its address.</summary>
    Connections,

    /// <summary>No further session can be kept.</summary>
    Sessions,

    /// <summary>TLS or WebSocket could not be opened.</summary>
    Opening,

    /// <summary>TLS, WebSocket or CONNECT did not come in time.</summary>
    Timeout,

    /// <summary>The host has refused it for a reason of its own.</summary>
    Other,
}

namespace Mlops.Messaging;

/// <summary>Whether a message bus can carry messages now.</summary>
public enum BusState
{
    /// <summary>Not started, or stopped.</summary>
    Stopped,

    /// <summary>Trying to reach the broker.</summary>
    Connecting,

    /// <summary>Messages flow.</summary>
    Connected,

    /// <summary>The broker was lost; the bus keeps trying.</summary>
    Disconnected,
}

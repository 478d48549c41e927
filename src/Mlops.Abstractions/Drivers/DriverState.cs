namespace Mlops.Drivers;

/// <summary>How well a driver reaches its asset.</summary>
public enum DriverState
{
    /// <summary>Trying to reach it.</summary>
    Connecting,

    /// <summary>Data flows.</summary>
    Connected,

    /// <summary>Some data is missing.</summary>
    Degraded,

    /// <summary>Lost; the driver tries again by itself.</summary>
    Faulted,

    /// <summary>Ended on request.</summary>
    Stopped,
}

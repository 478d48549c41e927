namespace Mlops.Testing.Imu;

/// <summary>What a worker does.</summary>
public enum ImuActivity
{
    /// <summary>Hands rest, or fetch and put down things.</summary>
    Idle,

    /// <summary>Driving nails: a swing about twice a second, each ended by an impact.</summary>
    Hammering,

    /// <summary>Driving screws by hand: the forearm turns to and fro.</summary>
    Screwing,

    /// <summary>Sawing: long strokes along the blade, with the teeth's rasp.</summary>
    Sawing,

    /// <summary>Drilling with a machine: steady pressure and the motor's vibration.</summary>
    Drilling,
}

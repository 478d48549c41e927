namespace Mlops.Testing.Imu;

/// <summary>A worker's hand, which carries a sensor.</summary>
public enum ImuHand
{
    /// <summary>The right one, which leads the tool.</summary>
    Right,

    /// <summary>The left one, which holds or helps.</summary>
    Left,
}

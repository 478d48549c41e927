namespace Mlops.Testing.Imu;

/// <summary>One measurement of a sensor on a hand.</summary>
/// <param name="Time">Its time since the beginning of the work.</param>
/// <param name="AccX">Acceleration along the forearm in g; gravity included.</param>
/// <param name="AccY">Acceleration across the palm in g.</param>
/// <param name="AccZ">Acceleration out of the back of the hand in g.</param>
/// <param name="GyroX">Turning of the forearm about itself in degrees a second.</param>
/// <param name="GyroY">Bending of the wrist in degrees a second.</param>
/// <param name="GyroZ">Swing of the forearm in degrees a second.</param>
public readonly record struct ImuSample(TimeSpan Time, double AccX, double AccY, double AccZ, double GyroX, double GyroY, double GyroZ)
{
    /// <summary>Gets the names of the measurements, in their order.</summary>
    public static IReadOnlyList<string> Names { get; } = ["acc_x", "acc_y", "acc_z", "gyro_x", "gyro_y", "gyro_z"];

    /// <summary>Returns the measurements in the order of their names.</summary>
    /// <returns>Six numbers.</returns>
    public double[] ToArray() => [AccX, AccY, AccZ, GyroX, GyroY, GyroZ];
}

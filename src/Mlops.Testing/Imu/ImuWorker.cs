namespace Mlops.Testing.Imu;

/// <summary>How one person works, and with which tools: tempo, strength, how the sensors sit, the motor of the drill.</summary>
internal sealed class ImuWorker
{
    public ImuWorker(SeededRandom random)
    {
        Tempo = random.Normal(1, 0.08);
        Strength = random.Normal(1, 0.1);
        Tilt = random.Normal(0, 8) * Math.PI / 180;
        Motor = random.Normal(17, 1.5);
        Blade = random.Normal(1, 0.1);
    }

    /// <summary>Gets how fast the person moves, about 1.</summary>
    public double Tempo { get; }

    /// <summary>Gets how hard, about 1.</summary>
    public double Strength { get; }

    /// <summary>Gets how far the sensor is turned on the wrist, in radians.</summary>
    public double Tilt { get; }

    /// <summary>Gets the frequency in hertz at which the drill shakes the hand, as slow sensors see it.</summary>
    public double Motor { get; }

    /// <summary>Gets how rough the saw's blade is, about 1.</summary>
    public double Blade { get; }
}

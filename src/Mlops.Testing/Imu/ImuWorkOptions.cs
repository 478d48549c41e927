namespace Mlops.Testing.Imu;

/// <summary>Configures an <see cref="ImuWork"/>.</summary>
public sealed class ImuWorkOptions
{
    /// <summary>Gets or sets the seed; it decides every movement.</summary>
    /// <value>Default 0.</value>
    public long Seed { get; set; }

    /// <summary>Gets or sets how many measurements a sensor makes each second.</summary>
    /// <value>Default 50; 10 to 1000.</value>
    public double Rate { get; set; } = 50;

    /// <summary>Gets or sets the shortest time that an activity takes.</summary>
    /// <value>Default 6 s.</value>
    public TimeSpan Shortest { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>Gets or sets the longest time that an activity takes.</summary>
    /// <value>Default 16 s.</value>
    public TimeSpan Longest { get; set; } = TimeSpan.FromSeconds(16);

    /// <summary>Gets or sets how long the hands move from one activity to the next; that time belongs to no activity.</summary>
    /// <value>Default 0.8 s.</value>
    public TimeSpan Transition { get; set; } = TimeSpan.FromSeconds(0.8);

    internal void Validate()
    {
        if (!(Rate is >= 10 and <= 1000))
            throw new ArgumentException($"The IMU measures {Rate} times a second. Set {nameof(Rate)} from 10 to 1000.");
        if (Shortest <= TimeSpan.Zero || Longest < Shortest || Transition < TimeSpan.Zero)
            throw new ArgumentException($"Activities would take from {Shortest} to {Longest}, with {Transition} between. Set {nameof(Shortest)} above zero, {nameof(Longest)} not below it, and {nameof(Transition)} not below zero.");
    }
}

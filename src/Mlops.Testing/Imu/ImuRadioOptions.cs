namespace Mlops.Testing.Imu;

/// <summary>Says how the measurements of sensors travel to who listens.</summary>
public sealed class ImuRadioOptions
{
    /// <summary>Gets or sets how many measurements a packet carries.</summary>
    /// <value>Default 10; at least 1.</value>
    public int PacketSize { get; set; } = 10;

    /// <summary>Gets or sets by how much packets are delayed at most as a rule.</summary>
    /// <value>Default 30 ms.</value>
    public TimeSpan Jitter { get; set; } = TimeSpan.FromMilliseconds(30);

    /// <summary>Gets or sets which part of the packets is late.</summary>
    /// <value>Default 0.02; 0 to 1.</value>
    public double LatePart { get; set; } = 0.02;

    /// <summary>Gets or sets by how much those are delayed at most.</summary>
    /// <value>Default 400 ms.</value>
    public TimeSpan Latest { get; set; } = TimeSpan.FromMilliseconds(400);

    /// <summary>Gets or sets which part of the packets is lost.</summary>
    /// <value>Default 0.01; 0 to below 1.</value>
    public double LostPart { get; set; } = 0.01;

    internal void Validate()
    {
        if (PacketSize < 1 || !(LatePart is >= 0 and <= 1) || !(LostPart is >= 0 and < 1) || Jitter < TimeSpan.Zero || Latest < TimeSpan.Zero)
            throw new ArgumentException($"Packets of {PacketSize} measurements would be late in {LatePart} by up to {Latest}, lost in {LostPart}, delayed by {Jitter}. Set {nameof(PacketSize)} to 1 or more, parts from 0 to 1, times not below zero.");
    }
}

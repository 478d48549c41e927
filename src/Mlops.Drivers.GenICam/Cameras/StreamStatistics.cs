namespace Mlops.Drivers.GenICam.Cameras;

/// <summary>What a stream has counted since it began.</summary>
/// <param name="Completed">Frames that came whole.</param>
/// <param name="Incomplete">Frames of which something was missing.</param>
/// <param name="Starved">Frames for which there was no free buffer.</param>
/// <param name="ResentPackets">Packets that were asked for again and came.</param>
/// <param name="MissingPackets">Packets that never came.</param>
public readonly record struct StreamStatistics(long Completed, long Incomplete, long Starved, long ResentPackets, long MissingPackets)
{
    /// <summary>Gets how many frames, by the camera's numbers, nothing has come of.</summary>
    public long Missed { get; init; }

    /// <summary>Adds what two streams have counted.</summary>
    /// <param name="one">The one.</param>
    /// <param name="other">The other.</param>
    /// <returns>The sums.</returns>
    public static StreamStatistics operator +(StreamStatistics one, StreamStatistics other) => Add(one, other);

    /// <summary>Adds what two streams have counted.</summary>
    /// <param name="one">The one.</param>
    /// <param name="other">The other.</param>
    /// <returns>The sums.</returns>
    public static StreamStatistics Add(StreamStatistics one, StreamStatistics other) => new(
        one.Completed + other.Completed, one.Incomplete + other.Incomplete, one.Starved + other.Starved, one.ResentPackets + other.ResentPackets, one.MissingPackets + other.MissingPackets)
    {
        Missed = one.Missed + other.Missed,
    };
}

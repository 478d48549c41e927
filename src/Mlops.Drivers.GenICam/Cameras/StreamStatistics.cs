namespace Mlops.Drivers.GenICam.Cameras;

/// <summary>What a stream has counted since it began.</summary>
/// <param name="Completed">Frames that came whole.</param>
/// <param name="Incomplete">Frames of which something was missing.</param>
/// <param name="Starved">Frames for which there was no free buffer.</param>
/// <param name="ResentPackets">Packets that were asked for again and came.</param>
/// <param name="MissingPackets">Packets that never came.</param>
public readonly record struct StreamStatistics(long Completed, long Incomplete, long Starved, long ResentPackets, long MissingPackets);

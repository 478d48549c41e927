using Mlops.Data;

namespace Mlops.Store;

/// <summary>What the store knows of a feed.</summary>
/// <param name="Schema">The newest schema.</param>
/// <param name="Records">Number of live records, those not yet in a segment included.</param>
/// <param name="First">Time of the oldest record, nanoseconds since 1970 UTC; <see langword="null"/> when there is none.</param>
/// <param name="Last">Time of the newest record; <see langword="null"/> when there is none.</param>
/// <param name="LastPosition">Highest position; 0 when there is none.</param>
public sealed record FeedInfo(FeedSchema Schema, long Records, long? First, long? Last, long LastPosition);

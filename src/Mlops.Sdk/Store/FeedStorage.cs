namespace Mlops.Store;

/// <summary>What one feed takes up.</summary>
/// <param name="Feed">Id of the feed.</param>
/// <param name="Records">Number of live records.</param>
/// <param name="Files">Number of Parquet files.</param>
/// <param name="Bytes">Size on the disk, files and log together.</param>
/// <param name="LogBytes">The part of <paramref name="Bytes"/> that is in the log.</param>
/// <param name="First">Time of the oldest record; <see langword="null"/> when there is none.</param>
/// <param name="Last">Time of the newest record; <see langword="null"/> when there is none.</param>
/// <param name="RecordsPerDay">Growth: how many records of the last seven days there are for each day.</param>
/// <param name="BytesPerDay">Growth: how much records of the last seven days take for each day.</param>
public sealed record FeedStorage(
    string Feed, long Records, int Files, long Bytes, long LogBytes, DateTimeOffset? First, DateTimeOffset? Last, double RecordsPerDay, double BytesPerDay);

namespace Mlops.Client;

/// <summary>What one feed takes up.</summary>
/// <param name="Feed">Id of the feed.</param>
/// <param name="Records">Number of live records.</param>
/// <param name="Files">Number of Parquet files.</param>
/// <param name="Bytes">Size on the disk, files and log together, bytes.</param>
/// <param name="LogBytes">The part of it that is in the log.</param>
/// <param name="RecordsPerDay">Growth over the last seven days, records a day.</param>
/// <param name="BytesPerDay">Growth over the last seven days, bytes a day.</param>
/// <param name="First">Time of the oldest record.</param>
/// <param name="Last">Time of the newest record.</param>
public sealed record FeedSize(
    string Feed,
    long Records,
    int Files,
    long Bytes,
    long LogBytes,
    double RecordsPerDay,
    double BytesPerDay,
    DateTimeOffset? First = null,
    DateTimeOffset? Last = null);

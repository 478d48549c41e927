namespace Mlops.Store;

/// <summary>Records that could not be read any more and were taken out of the way of the others.</summary>
/// <param name="Feed">Id of the feed.</param>
/// <param name="First">Their lowest position.</param>
/// <param name="Last">Their highest position.</param>
/// <param name="Count">How many they are.</param>
/// <param name="Reason">What was wrong.</param>
/// <param name="Path">The Parquet file, below the data folder; <see langword="null"/> for a row of the log, which the table <c>set_aside</c> in <c>mlops.db</c> holds.</param>
/// <param name="Found">When it was noticed.</param>
public sealed record DamagedRecords(string Feed, long First, long Last, long Count, string Reason, string? Path, DateTimeOffset Found);

namespace Mlops.Client;

/// <summary>Records that could not be read any more and were taken out of the way of the others.</summary>
/// <param name="Feed">Id of the feed.</param>
/// <param name="First">Their lowest position.</param>
/// <param name="Last">Their highest position.</param>
/// <param name="Count">How many they are.</param>
/// <param name="Reason">What was wrong.</param>
/// <param name="Found">When it was noticed.</param>
/// <param name="Path">The file, below the data folder; <see langword="null"/> for a row of the log.</param>
public sealed record DamagedPart(string Feed, long First, long Last, long Count, string Reason, DateTimeOffset Found, string? Path = null);

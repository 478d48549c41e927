namespace Mlops.Client;

/// <summary>Names a record.</summary>
/// <param name="Feed">The feed.</param>
/// <param name="Seq">The asset's number of the message; <see langword="null"/> when it sends none.</param>
/// <param name="Ts">The record's own time.</param>
/// <param name="Row">The record's position.</param>
public sealed record RecordSource(string? Feed = null, long? Seq = null, DateTimeOffset? Ts = null, long? Row = null);

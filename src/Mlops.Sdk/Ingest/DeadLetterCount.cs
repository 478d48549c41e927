namespace Mlops.Ingest;

/// <summary>How many messages were put aside for a cause and from a source since the start of the process.</summary>
/// <param name="Cause">The cause.</param>
/// <param name="Source">
/// Whose messages they were: <c>databus/&lt;app&gt;</c>, <c>mapping/&lt;id&gt;</c> or <c>asset/&lt;id&gt;</c>; <c>other</c> for all sources
/// that came after the first thousand.
/// </param>
/// <param name="Count">How many.</param>
/// <param name="Last">When the last one was put aside.</param>
/// <param name="LastReason">The reason of the last one, in words.</param>
public sealed record DeadLetterCount(DeadLetterCause Cause, string Source, long Count, DateTimeOffset Last, string LastReason);

namespace Mlops.Client;

/// <summary>How many messages were put aside for a cause and from a source since the node started.</summary>
/// <param name="Cause">The cause, for example <c>unreadable</c> or <c>noMetadata</c>.</param>
/// <param name="Source">Whose messages they were: <c>databus/&lt;app&gt;</c>, <c>mapping/&lt;id&gt;</c> or <c>asset/&lt;id&gt;</c>.</param>
/// <param name="Count">How many.</param>
/// <param name="Last">When the last one was put aside.</param>
/// <param name="LastReason">The reason of the last one, in words.</param>
public sealed record DeadLetterCounter(string Cause, string Source, long Count, DateTimeOffset Last, string LastReason);

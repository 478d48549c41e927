namespace Mlops.Client;

/// <summary>Something that somebody did, or tried.</summary>
/// <param name="Number">Its number, rising.</param>
/// <param name="At">When.</param>
/// <param name="Who">Who.</param>
/// <param name="How">How they were known: <c>session</c>, <c>token</c>, <c>local</c>, <c>host</c> or <c>none</c>.</param>
/// <param name="Action">The operation.</param>
/// <param name="Subject">What it was done to.</param>
/// <param name="Status">The status code of the response.</param>
/// <param name="Address">From where.</param>
public sealed record AuditEntry(
    long Number,
    DateTimeOffset At,
    string Who,
    string How,
    string Action,
    string Subject,
    int Status,
    string? Address = null);

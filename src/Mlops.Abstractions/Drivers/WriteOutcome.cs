namespace Mlops.Drivers;

/// <summary>What has become of a value that was to be written.</summary>
/// <param name="Id">What it was for.</param>
/// <param name="Error">Why it was not written, and what helps; <see langword="null"/> when it was.</param>
public sealed record WriteOutcome(string Id, string? Error = null);

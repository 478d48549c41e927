namespace Mlops.Client;

/// <summary>How often one class was answered where another, or the same, was expected.</summary>
/// <param name="Expected">What was expected.</param>
/// <param name="Answered">What was answered.</param>
/// <param name="Count">How often.</param>
public sealed record ConfusionDetails(string Expected, string Answered, long Count);

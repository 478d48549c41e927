namespace Mlops.Client;

/// <summary>What became of messages that were taken again.</summary>
/// <param name="Replayed">How many were understood this time.</param>
/// <param name="Left">Why the others were not, by id.</param>
public sealed record ReplayAnswer(int Replayed, IReadOnlyDictionary<string, string> Left);

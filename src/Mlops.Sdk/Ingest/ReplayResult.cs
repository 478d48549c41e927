namespace Mlops.Ingest;

/// <summary>What became of dead letters that were taken again.</summary>
/// <param name="Replayed">How many were taken and are durable; those that failed once more are dead letters again, with the new reason.</param>
/// <param name="Left">Why others were left where they are: id → reason.</param>
public sealed record ReplayResult(int Replayed, IReadOnlyDictionary<string, string> Left);

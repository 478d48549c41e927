namespace Mlops.Benchmarks.Harness;

/// <summary>What a round measures.</summary>
internal sealed record Metric(string Name, string Unit, bool HigherIsBetter = false);

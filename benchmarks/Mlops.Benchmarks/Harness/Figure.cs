namespace Mlops.Benchmarks.Harness;

/// <summary>One metric of one case on both sides.</summary>
/// <param name="Case">Which case.</param>
/// <param name="Metric">The metric's name.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="OursName">Who stands for us.</param>
/// <param name="Ours">What we took.</param>
/// <param name="BaselineName">Who stands for the baseline.</param>
/// <param name="Baseline">What it took.</param>
/// <param name="Ratio">How many times better we are: above 1 a gain, below 1 a loss; <see langword="null"/> where one side is zero.</param>
/// <param name="Rounds">How many rounds each side had.</param>
internal sealed record Figure(
    string Case, string Metric, string Unit, string OursName, Spread Ours, string BaselineName, Spread Baseline, double? Ratio, int Rounds);

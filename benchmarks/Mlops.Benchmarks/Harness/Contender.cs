namespace Mlops.Benchmarks.Harness;

/// <summary>One side of a comparison. A round does the same work each time and says what it measured, by the metric's name.</summary>
internal sealed record Contender(string Name, Func<CancellationToken, Task<IReadOnlyDictionary<string, double>>> RoundAsync);

namespace Mlops.Client;

/// <summary>What becomes of a model that a trigger has trained.</summary>
/// <param name="Step"><c>keep</c>, <c>shadow</c>, <c>canary</c> or <c>promote</c>.</param>
/// <param name="Approval">Whether it waits for somebody's approval before that.</param>
/// <param name="Backtest">How long a range of the newest records it is compared with production on; none where nothing is said.</param>
/// <param name="MaximumLoss">How much worse than production the backtest may find it.</param>
/// <param name="Share">The share of records that a canary answers.</param>
public sealed record ReleaseRule(string Step = "keep", bool Approval = true, TimeSpan? Backtest = null, double MaximumLoss = 0, double Share = 0.1);

namespace Mlops.Client;

/// <summary>Met when the newest labelled answers are worse than they should be.</summary>
/// <param name="Limit">A share that the figure falls below, or an error that it exceeds.</param>
/// <param name="Figure"><c>accuracy</c>, <c>macroF1</c>, <c>meanAbsoluteError</c> or <c>rootMeanSquareError</c>.</param>
/// <param name="MinimumLabelled">How many labelled answers there must be.</param>
/// <param name="For">How long it must be so without a break; at once where nothing is said.</param>
public sealed record QualityLimit(double Limit, string Figure = "accuracy", int MinimumLabelled = 100, TimeSpan? For = null);

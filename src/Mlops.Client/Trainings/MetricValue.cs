namespace Mlops.Client;

/// <summary>A metric at a step of a training.</summary>
/// <param name="Name">Name of the metric.</param>
/// <param name="Step">The step.</param>
/// <param name="Value">The value.</param>
public sealed record MetricValue(string Name, long Step, double Value);

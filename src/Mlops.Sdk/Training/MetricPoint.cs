namespace Mlops.Training;

/// <summary>A metric at a step of a training.</summary>
internal sealed record MetricPoint(string Name, long Step, double Value);

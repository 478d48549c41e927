namespace Mlops.Prediction.Retraining;

/// <summary>Met when the newest labelled answers of a deployment's production model are worse than they should be, for some time.</summary>
public sealed record QualityCondition
{
    /// <summary>Gets the figure.</summary>
    public QualityFigure Figure { get; init; }

    /// <summary>Gets the limit: a share that the figure falls below, or an error that it exceeds.</summary>
    public required double Limit { get; init; }

    /// <summary>Gets how many labelled answers there must be.</summary>
    /// <value>Default 100; no more than <c>Mlops:Prediction:QualityWindow</c>.</value>
    public int MinimumLabelled { get; init; } = 100;

    /// <summary>Gets how long it must be so without a break.</summary>
    /// <value>Default 0: at once.</value>
    public TimeSpan For { get; init; }
}

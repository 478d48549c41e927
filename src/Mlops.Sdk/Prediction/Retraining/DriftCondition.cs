namespace Mlops.Prediction.Retraining;

/// <summary>Met when an input or the answers of a deployment are far from the data its model learned from, for some time.</summary>
public sealed record DriftCondition
{
    /// <summary>Gets the population stability index from which it is met; <see langword="null"/> to look at <see cref="Ks"/> alone.</summary>
    public double? Psi { get; init; }

    /// <summary>Gets the Kolmogorov-Smirnov distance from which it is met; <see langword="null"/> to look at <see cref="Psi"/> alone.</summary>
    public double? Ks { get; init; }

    /// <summary>Gets how long it must be so without a break.</summary>
    /// <value>Default 0: at once.</value>
    public TimeSpan For { get; init; }
}

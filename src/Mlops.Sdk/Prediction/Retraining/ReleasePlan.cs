namespace Mlops.Prediction.Retraining;

/// <summary>What becomes of a model that a trigger has trained.</summary>
public sealed record ReleasePlan
{
    /// <summary>Gets how long a range of the newest records the new model is compared with production on; the training leaves them out, so that the comparison is fair. <see langword="null"/> for no backtest.</summary>
    public TimeSpan? Backtest { get; init; }

    /// <summary>Gets how much worse than production the backtest may find the new model: lower in accuracy, or by this share higher in the root mean square error.</summary>
    /// <value>Default 0.</value>
    public double MaximumLoss { get; init; }

    /// <summary>Gets whether the model waits for somebody's approval before its next step.</summary>
    /// <value>Default <see langword="true"/>. Without approval, a model that the backtest finds worse, or cannot judge, goes no further.</value>
    public bool Approval { get; init; } = true;

    /// <summary>Gets the model's next step.</summary>
    /// <value>Default <see cref="ReleaseStep.Keep"/>.</value>
    public ReleaseStep Step { get; init; }

    /// <summary>Gets the share of records that a canary answers.</summary>
    /// <value>Default 0.1.</value>
    public double Share { get; init; } = 0.1;
}

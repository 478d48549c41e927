namespace Mlops.Prediction.Retraining;

/// <summary>Where a retraining stands.</summary>
public enum RetrainingState
{
    /// <summary>The model is being trained.</summary>
    Training,

    /// <summary>The new model is compared with the production model.</summary>
    Backtesting,

    /// <summary>The new model waits for somebody's approval.</summary>
    AwaitingApproval,

    /// <summary>The new model takes its next step.</summary>
    Releasing,

    /// <summary>It has ended, and the model has taken its step.</summary>
    Succeeded,

    /// <summary>It has ended: the backtest found the model worse than production, or could not judge it.</summary>
    Declined,

    /// <summary>It has ended: somebody turned the model down.</summary>
    Rejected,

    /// <summary>It has ended without reaching its step; the reason says why.</summary>
    Failed,

    /// <summary>Somebody cancelled it.</summary>
    Cancelled,
}

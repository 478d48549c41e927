namespace Mlops.Prediction.Backtests;

/// <summary>Where a backtest stands.</summary>
public enum BacktestState
{
    /// <summary>It waits for its turn.</summary>
    Queued,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It has its results.</summary>
    Succeeded,

    /// <summary>It could not be done.</summary>
    Failed,

    /// <summary>Somebody cancelled it.</summary>
    Cancelled,
}

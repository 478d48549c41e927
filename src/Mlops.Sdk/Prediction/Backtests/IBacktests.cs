using Mlops.Workflows;

namespace Mlops.Prediction.Backtests;

/// <summary>Runs models over stored records. Thread-safe.</summary>
public interface IBacktests
{
    /// <summary>Queues a backtest; one runs at a time, and one that a restart interrupts runs again.</summary>
    /// <param name="request">Which model, on which records.</param>
    /// <param name="cancellationToken">Gives up queueing.</param>
    /// <returns>The backtest, queued and durable.</returns>
    /// <exception cref="WorkflowException">Something named does not exist or does not fit.</exception>
    Task<BacktestInfo> StartAsync(BacktestRequest request, CancellationToken cancellationToken = default);

    /// <summary>Waits until a backtest has ended.</summary>
    /// <param name="id">Id of the backtest.</param>
    /// <param name="cancellationToken">Gives up waiting; the backtest goes on.</param>
    /// <returns>The backtest in its final state.</returns>
    /// <exception cref="ArgumentException">There is no such backtest.</exception>
    Task<BacktestInfo> WaitAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Cancels a backtest; does nothing when it has ended.</summary>
    /// <param name="id">Id of the backtest.</param>
    /// <returns>The backtest in its final state, or <see langword="null"/> when there is none.</returns>
    Task<BacktestInfo?> CancelAsync(string id);

    /// <summary>Returns a backtest.</summary>
    /// <param name="id">Id of the backtest.</param>
    /// <returns>The backtest, or <see langword="null"/>.</returns>
    BacktestInfo? Find(string id);

    /// <summary>Lists backtests, newest first.</summary>
    /// <returns>A snapshot.</returns>
    IReadOnlyList<BacktestInfo> List();

    /// <summary>Occurs when a backtest's state or progress has changed; handlers return quickly.</summary>
    event Action<BacktestInfo>? Changed;
}

using Mlops.Prediction.Quality;

namespace Mlops.Prediction.Backtests;

/// <summary>A backtest as it stands.</summary>
public sealed record BacktestInfo
{
    /// <summary>Gets its id.</summary>
    public required string Id { get; init; }

    /// <summary>Gets where it stands.</summary>
    public required BacktestState State { get; init; }

    /// <summary>Gets what was asked for.</summary>
    public required BacktestRequest Request { get; init; }

    /// <summary>Gets how far it is, 0 to 1.</summary>
    public double Progress { get; init; }

    /// <summary>Gets how many records were read.</summary>
    public long Records { get; init; }

    /// <summary>Gets how many of them have a label.</summary>
    public long Labelled { get; init; }

    /// <summary>Gets why there are no labels, when there are none.</summary>
    public string? WithoutLabels { get; init; }

    /// <summary>Gets the results: of the model, then of the one it is compared with.</summary>
    public IReadOnlyList<BacktestResult> Results { get; init; } = [];

    /// <summary>Gets how the model's answers compare with the other one's, which stand for what was expected; <see langword="null"/> without another.</summary>
    public AnswerFigures? Agreement { get; init; }

    /// <summary>Gets why it failed.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets when it was asked for.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>Gets when it ended.</summary>
    public DateTimeOffset? Ended { get; init; }
}

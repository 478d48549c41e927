using Mlops.Prediction.Quality;

namespace Mlops.Prediction.Backtests;

/// <summary>How one model did.</summary>
/// <param name="Model">Id of the model.</param>
/// <param name="Figures">How its answers compare with the labels.</param>
/// <param name="Answered">How many records it has answered.</param>
/// <param name="Failed">How many records its code could not answer.</param>
/// <param name="ComputeMs">Milliseconds of all its calls.</param>
public sealed record BacktestResult(string Model, AnswerFigures Figures, long Answered, long Failed, double ComputeMs)
{
    /// <summary>Gets how much the answers depend on each input, the most important first; <see langword="null"/> when nobody asked, or there were no labels.</summary>
    public IReadOnlyList<InputLoss>? Importance { get; init; }
}

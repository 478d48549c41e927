using Mlops.Prediction.Quality;

namespace Mlops.Prediction.Backtests;

/// <summary>How one model did.</summary>
/// <param name="Model">Id of the model.</param>
/// <param name="Figures">How its answers compare with the labels.</param>
/// <param name="Answered">How many records it has answered.</param>
/// <param name="Failed">How many records its code could not answer.</param>
/// <param name="ComputeMs">Milliseconds of all its calls.</param>
public sealed record BacktestResult(string Model, AnswerFigures Figures, long Answered, long Failed, double ComputeMs);

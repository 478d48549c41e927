namespace Mlops.Prediction.Quality;

/// <summary>A labelled answer.</summary>
/// <param name="Row">Position of the record.</param>
/// <param name="Model">Id of the model that answered.</param>
/// <param name="Expected">The label.</param>
/// <param name="Answer">The answer.</param>
internal sealed record Outcome(long Row, string Model, string Expected, AnswerValue Answer);

namespace Mlops.Prediction.Quality;

/// <summary>How the answers of one model of a deployment compare with labels.</summary>
/// <param name="Model">Id of the model.</param>
/// <param name="Shadow">Whether these are answers that it gave as a shadow.</param>
/// <param name="Total">All its labelled answers.</param>
/// <param name="Window">The newest of them.</param>
public sealed record ModelQuality(string Model, bool Shadow, AnswerFigures Total, AnswerFigures Window);

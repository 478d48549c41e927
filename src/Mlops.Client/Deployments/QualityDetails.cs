namespace Mlops.Client;

/// <summary>How the answers of one model compare with labels.</summary>
/// <param name="Model">The model.</param>
/// <param name="Shadow">Whether it answered as a shadow.</param>
/// <param name="Total">Over all answers.</param>
/// <param name="Window">Over the newest ones.</param>
public sealed record QualityDetails(string Model, bool Shadow, AnswerFiguresDetails Total, AnswerFiguresDetails Window);

namespace Mlops.Client;

/// <summary>A model that is tried beside the production model.</summary>
/// <param name="Model">The model.</param>
/// <param name="Kind"><c>shadow</c> or <c>canary</c>.</param>
/// <param name="Share">The share of records that a canary answers.</param>
/// <param name="PredictionFeed">The feed that holds its answers.</param>
/// <param name="Since">Since when it is tried.</param>
/// <param name="Answered">How many records it has answered since the node started.</param>
/// <param name="Reason">Why it does not answer.</param>
/// <param name="Agreement">How a shadow's answers compare with the production model's.</param>
public sealed record CandidateDetails(
    string Model,
    string Kind,
    double Share,
    string PredictionFeed,
    DateTimeOffset Since,
    long Answered,
    string? Reason = null,
    AnswerFiguresDetails? Agreement = null);

namespace Mlops.Prediction.Candidates;

/// <summary>A candidate as the database remembers it.</summary>
internal sealed record CandidateRecord(string Model, CandidateKind Kind, double Share, string PredictionFeed, DateTimeOffset Since);

namespace Mlops.Client;

/// <summary>Asks for a model to be tried beside the production model.</summary>
/// <param name="Model">The model.</param>
/// <param name="Share">The share of records that a canary answers, above 0 and up to 1; a tenth where nothing is said.</param>
public sealed record CandidateStart(string Model, double? Share = null);

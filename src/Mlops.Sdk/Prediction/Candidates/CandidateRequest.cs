namespace Mlops.Prediction.Candidates;

/// <summary>Asks for a model to be tried beside the production model of a deployment.</summary>
public sealed record CandidateRequest
{
    /// <summary>Gets the id of the model, of the deployment's workflow.</summary>
    public required string Model { get; init; }

    /// <summary>Gets how it is tried.</summary>
    public CandidateKind Kind { get; init; } = CandidateKind.Shadow;

    /// <summary>Gets the share of records that a canary answers, above 0 and up to 1; which ones depends on their positions alone.</summary>
    public double Share { get; init; } = 0.1;

    /// <summary>Gets who wants it.</summary>
    public string? Author { get; init; }
}

using Mlops.Prediction.Quality;

namespace Mlops.Prediction.Candidates;

/// <summary>A model that is tried beside the production model of a deployment.</summary>
public sealed record CandidateInfo
{
    /// <summary>Gets the id of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Gets how it is tried.</summary>
    public required CandidateKind Kind { get; init; }

    /// <summary>Gets the share of records that a canary answers; 1 for a shadow.</summary>
    public double Share { get; init; } = 1;

    /// <summary>Gets the feed that holds a shadow's answers; a canary's are among the deployment's.</summary>
    public required string PredictionFeed { get; init; }

    /// <summary>Gets since when it is tried.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>Gets why it does not answer; <see langword="null"/> when it does. The production model is not touched by it.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets how many records it has answered since the host started.</summary>
    public long Answered { get; init; }

    /// <summary>Gets how a shadow's answers compare with the production model's, which stand for what was expected; <see langword="null"/> for a canary.</summary>
    public AnswerFigures? Agreement { get; init; }
}

using Mlops.Metrics;
using Mlops.Prediction.Candidates;
using Mlops.Prediction.Drift;
using Mlops.Prediction.Quality;
using Mlops.Workflows;

namespace Mlops.Prediction;

/// <summary>A deployment as it stands.</summary>
public sealed record DeploymentInfo
{
    /// <summary>Gets its id.</summary>
    public required string Id { get; init; }

    /// <summary>Gets what was asked for, with the model that answers now.</summary>
    public required DeploymentRequest Request { get; init; }

    /// <summary>Gets where it stands.</summary>
    public required DeploymentState State { get; init; }

    /// <summary>Gets why it is faulted.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets where its code runs now: <c>in-process</c>, <c>worker</c>, <c>onnx</c>; empty when it does not.</summary>
    public string Mode { get; init; } = "";

    /// <summary>Gets why its code runs there and not where it was loaded, such as a call inside the host's process that took too long; <see langword="null"/> when it runs where it was loaded.</summary>
    public string? ModeReason { get; init; }

    /// <summary>Gets the memory that its model holds, and how it was measured; <see langword="null"/> when that is not known (yet).</summary>
    public PredictorMemory? Memory { get; init; }

    /// <summary>Gets what keeps it from answering at once, such as a process that ended and waits to be started again; <see langword="null"/> when nothing does.</summary>
    public string? Interruption { get; init; }

    /// <summary>Gets the id of the model that a rollback would bring back; <see langword="null"/> when there was no other.</summary>
    public string? PreviousModel { get; init; }

    /// <summary>Gets the model that is tried beside the production model.</summary>
    public CandidateInfo? Candidate { get; init; }

    /// <summary>Gets how the answers of its models compare with the labels that came for them, by model.</summary>
    public IReadOnlyList<ModelQuality> Quality { get; init; } = [];

    /// <summary>Gets how far its newest records are from the data its model learned from; <see langword="null"/> until enough of them came.</summary>
    public DriftInfo? Drift { get; init; }

    /// <summary>Gets the feed that holds its predictions.</summary>
    public required string PredictionFeed { get; init; }

    /// <summary>Gets the topic on which its predictions are published.</summary>
    public string Topic { get; init; } = "";

    /// <summary>Gets the last answered position of the input feed that is durable.</summary>
    public long Position { get; init; }

    /// <summary>Gets how many records it has answered since the host started.</summary>
    public long Answered { get; init; }

    /// <summary>Gets what it took so far.</summary>
    public RunMeasurements? Measurements { get; init; }

    /// <summary>Gets when it was created.</summary>
    public DateTimeOffset Created { get; init; }
}

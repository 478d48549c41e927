using Mlops.Metrics;

namespace Mlops.Training;

/// <summary>A training as it stands.</summary>
public sealed record TrainingInfo
{
    /// <summary>Gets its id.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the workflow's name.</summary>
    public required string Workflow { get; init; }

    /// <summary>Gets the workflow's version.</summary>
    public required string Version { get; init; }

    /// <summary>Gets where it stands.</summary>
    public required TrainingState State { get; init; }

    /// <summary>Gets what was asked for.</summary>
    public required TrainingRequest Request { get; init; }

    /// <summary>Gets how far it is, 0 to 1.</summary>
    public double Progress { get; init; }

    /// <summary>Gets what it is doing.</summary>
    public string ProgressText { get; init; } = "";

    /// <summary>Gets the final values of the metrics that its code reported.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Gets what the run took; <see langword="null"/> until it has ended.</summary>
    public RunMeasurements? Measurements { get; init; }

    /// <summary>Gets the id of the model it produced.</summary>
    public string? Model { get; init; }

    /// <summary>Gets why it failed, with the code's traceback.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets whether it failed only because the host stopped.</summary>
    public bool Interrupted { get; init; }

    /// <summary>Gets when it was queued.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>Gets when work on it began.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>Gets when it ended.</summary>
    public DateTimeOffset? Ended { get; init; }
}

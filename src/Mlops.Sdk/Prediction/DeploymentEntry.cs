using Mlops.Databus.Publishing;
using Mlops.Prediction.Candidates;

namespace Mlops.Prediction;

/// <summary>A deployment in memory: what is remembered of it, and what runs.</summary>
internal sealed class DeploymentEntry(DeploymentRecord record)
{
    public DeploymentRecord Record { get; set; } = record;

    public string Id => Record.Id;

    /// <summary>Gets or sets the loops of the production model; <see langword="null"/> until it is loaded.</summary>
    public RunningDeployment? Running { get; set; }

    /// <summary>Gets or sets the candidate that runs; <see langword="null"/> until it is loaded, or when there is none.</summary>
    public RunningCandidate? Candidate { get; set; }

    /// <summary>Gets or sets the feed that is answered; empty until it is loaded.</summary>
    public string Feed { get; set; } = "";

    /// <summary>Gets or sets the field by which answers are compared.</summary>
    public string AnswerField { get; set; } = "";

    /// <summary>Gets or sets the label set that holds the truth.</summary>
    public string? LabelSet { get; set; }

    public DatabusCollection? Collection { get; set; }

    public string? Reason { get; set; }

    public string? CandidateReason { get; set; }
}

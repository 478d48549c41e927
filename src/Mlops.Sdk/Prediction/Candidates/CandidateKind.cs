namespace Mlops.Prediction.Candidates;

/// <summary>How a candidate is tried.</summary>
public enum CandidateKind
{
    /// <summary>It answers every record beside the production model; its answers are stored in a feed of their own and never published.</summary>
    Shadow,

    /// <summary>It answers a share of the records instead of the production model; each answer names its model.</summary>
    Canary,
}

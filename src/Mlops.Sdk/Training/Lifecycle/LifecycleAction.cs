namespace Mlops.Training.Lifecycle;

/// <summary>The names of what happens to models and deployments.</summary>
public static class LifecycleAction
{
    /// <summary>A deployment started with a model.</summary>
    public const string Started = "started";

    /// <summary>A deployment was given another model.</summary>
    public const string Swapped = "swapped";

    /// <summary>A candidate became the production model of its deployment, or a model was declared fit for production.</summary>
    public const string Promoted = "promoted";

    /// <summary>A deployment went back to the model before.</summary>
    public const string RolledBack = "rolledBack";

    /// <summary>A deployment ended.</summary>
    public const string Stopped = "stopped";

    /// <summary>A candidate began to answer beside the production model.</summary>
    public const string CandidateStarted = "candidateStarted";

    /// <summary>A candidate ended without being promoted.</summary>
    public const string CandidateEnded = "candidateEnded";
}

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

    /// <summary>A model was taken back to no stage or declared a candidate.</summary>
    public const string Staged = "staged";

    /// <summary>A model was archived.</summary>
    public const string Archived = "archived";

    /// <summary>A model was deleted with its files.</summary>
    public const string Deleted = "deleted";

    /// <summary>A deployment's inputs or answers have drifted from the training data.</summary>
    public const string Drifted = "drifted";

    /// <summary>A deployment's inputs and answers are like the training data again.</summary>
    public const string DriftEnded = "driftEnded";
}

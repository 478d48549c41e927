namespace Mlops.Training.Lifecycle;

/// <summary>The names of what happens to models, deployments and triggers.</summary>
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

    /// <summary>A model was written to a signed file.</summary>
    public const string Exported = "exported";

    /// <summary>A model was taken from a signed file.</summary>
    public const string Imported = "imported";

    /// <summary>A deployment's inputs or answers have drifted from the training data.</summary>
    public const string Drifted = "drifted";

    /// <summary>A deployment's inputs and answers are like the training data again.</summary>
    public const string DriftEnded = "driftEnded";

    /// <summary>A trigger of retrainings was added.</summary>
    public const string TriggerAdded = "triggerAdded";

    /// <summary>A trigger was given other conditions, another training or another plan.</summary>
    public const string TriggerChanged = "triggerChanged";

    /// <summary>A trigger may fire again.</summary>
    public const string TriggerEnabled = "triggerEnabled";

    /// <summary>A trigger fires no more.</summary>
    public const string TriggerDisabled = "triggerDisabled";

    /// <summary>A trigger was deleted.</summary>
    public const string TriggerDeleted = "triggerDeleted";

    /// <summary>A trigger has fired; the text says why.</summary>
    public const string RetrainingStarted = "retrainingStarted";

    /// <summary>A retrained model waits for approval.</summary>
    public const string ApprovalWanted = "approvalWanted";

    /// <summary>Somebody approved a retrained model.</summary>
    public const string Approved = "approved";

    /// <summary>Somebody turned a retrained model down.</summary>
    public const string Rejected = "rejected";

    /// <summary>A retraining has ended; the text says how.</summary>
    public const string RetrainingEnded = "retrainingEnded";
}

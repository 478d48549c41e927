namespace Mlops.Training;

/// <summary>Where a training stands.</summary>
public enum TrainingState
{
    /// <summary>Waits for its turn.</summary>
    Queued,

    /// <summary>At work.</summary>
    Running,

    /// <summary>Ended with a model.</summary>
    Succeeded,

    /// <summary>Ended without a model; the reason says why.</summary>
    Failed,

    /// <summary>Ended on request.</summary>
    Cancelled,
}

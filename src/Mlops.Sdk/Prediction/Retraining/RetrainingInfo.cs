namespace Mlops.Prediction.Retraining;

/// <summary>A retraining as it stands: one firing of a trigger and all that follows from it.</summary>
public sealed record RetrainingInfo
{
    /// <summary>Gets its id.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the id of the trigger.</summary>
    public required string Trigger { get; init; }

    /// <summary>Gets where it stands.</summary>
    public required RetrainingState State { get; init; }

    /// <summary>Gets what the trigger asked for when it fired.</summary>
    public required TriggerRequest Request { get; init; }

    /// <summary>Gets why the trigger fired.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Gets who made it fire; <see langword="null"/> when its conditions did.</summary>
    public string? Author { get; init; }

    /// <summary>Gets when the trigger fired.</summary>
    public DateTimeOffset Fired { get; init; }

    /// <summary>Gets when it ended.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Gets the id of the training; of the last one when a restart of the host interrupted one.</summary>
    public string? Training { get; init; }

    /// <summary>Gets how many trainings were begun for it.</summary>
    public int Attempts { get; init; }

    /// <summary>Gets the id of the new model.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the id of the backtest.</summary>
    public string? Backtest { get; init; }

    /// <summary>Gets whether the backtest found the model no worse than production; <see langword="null"/> when it could not tell, or there was none.</summary>
    public bool? Passed { get; init; }

    /// <summary>Gets what the backtest found, for people.</summary>
    public string? Verdict { get; init; }

    /// <summary>Gets who approved the model or turned it down.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>Gets why it failed, or was turned down.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets whether nothing more will happen to it.</summary>
    public bool HasEnded => State >= RetrainingState.Succeeded;
}

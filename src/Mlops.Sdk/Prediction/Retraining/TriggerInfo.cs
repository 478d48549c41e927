namespace Mlops.Prediction.Retraining;

/// <summary>A trigger as it stands.</summary>
public sealed record TriggerInfo
{
    /// <summary>Gets its id.</summary>
    public required string Id { get; init; }

    /// <summary>Gets what it asks for.</summary>
    public required TriggerRequest Request { get; init; }

    /// <summary>Gets whether it may fire.</summary>
    public bool Enabled { get; init; }

    /// <summary>Gets when it was added.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>Gets when its schedule falls due next; in the past while something keeps it from firing; <see langword="null"/> without a schedule.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>Gets when it last fired.</summary>
    public DateTimeOffset? Fired { get; init; }

    /// <summary>Gets until when it does not fire by itself; <see langword="null"/> when it may.</summary>
    public DateTimeOffset? CoolsUntil { get; init; }

    /// <summary>Gets how its conditions stand.</summary>
    public IReadOnlyList<ConditionInfo> Conditions { get; init; } = [];

    /// <summary>Gets what keeps it from being watched or from firing; <see langword="null"/> when nothing does.</summary>
    public string? Problem { get; init; }

    /// <summary>Gets its newest retraining.</summary>
    public RetrainingInfo? Last { get; init; }
}

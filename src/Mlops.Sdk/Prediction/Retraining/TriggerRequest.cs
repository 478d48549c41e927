using Mlops.Training;

namespace Mlops.Prediction.Retraining;

/// <summary>Asks for a trigger: when to train what, and what becomes of the new model. It fires when one of its conditions is met.</summary>
public sealed record TriggerRequest
{
    /// <summary>Gets a name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the deployment whose model is trained again; <see langword="null"/> for a training of its own, which <see cref="Training"/> names.</summary>
    public string? Deployment { get; init; }

    /// <summary>Gets what is trained; <see langword="null"/> for what the deployment's production model was trained with, on all that has come since.</summary>
    public TrainingRequest? Training { get; init; }

    /// <summary>Gets how far back trainings look, by the time of the records; <see langword="null"/> for as far as <see cref="Training"/> says.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>Gets the times at which it fires.</summary>
    public TriggerSchedule? Schedule { get; init; }

    /// <summary>Gets how many labels must have come since it fired last, or was added.</summary>
    /// <value>Labels of the set that the training uses; where a field holds the truth, records with a value there.</value>
    public long? NewLabels { get; init; }

    /// <summary>Gets the drift of the deployment that fires it.</summary>
    public DriftCondition? Drift { get; init; }

    /// <summary>Gets the quality of the deployment's answers that fires it.</summary>
    public QualityCondition? Quality { get; init; }

    /// <summary>Gets how long after it has fired nothing but a person makes it fire again; a schedule that falls due meanwhile waits.</summary>
    /// <value>Default 1 h.</value>
    public TimeSpan CoolDown { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Gets what becomes of the new model.</summary>
    public ReleasePlan Release { get; init; } = new();
}

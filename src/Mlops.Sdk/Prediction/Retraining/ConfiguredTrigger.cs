using Mlops.Training;

namespace Mlops.Prediction.Retraining;

/// <summary>A trigger as it stands in the node's configuration file, by its name.</summary>
internal sealed record ConfiguredTrigger
{
    public required string Name { get; init; }

    public bool Enabled { get; init; } = true;

    public string? Deployment { get; init; }

    public TrainingRequest? Training { get; init; }

    public TimeSpan? Window { get; init; }

    public TriggerSchedule? Schedule { get; init; }

    public long? NewLabels { get; init; }

    public DriftCondition? Drift { get; init; }

    public QualityCondition? Quality { get; init; }

    public TimeSpan CoolDown { get; init; } = new TriggerRequest { Name = "" }.CoolDown;

    public ReleasePlan Release { get; init; } = new();

    public static ConfiguredTrigger Of(string name, TriggerInfo info) => new()
    {
        Name = name,
        Enabled = info.Enabled,
        Deployment = info.Request.Deployment,
        Training = info.Request.Training,
        Window = info.Request.Window,
        Schedule = info.Request.Schedule,
        NewLabels = info.Request.NewLabels,
        Drift = info.Request.Drift,
        Quality = info.Request.Quality,
        CoolDown = info.Request.CoolDown,
        Release = info.Request.Release,
    };

    public TriggerRequest ToRequest() => new()
    {
        Name = Name,
        Deployment = Deployment,
        Training = Training,
        Window = Window,
        Schedule = Schedule,
        NewLabels = NewLabels,
        Drift = Drift,
        Quality = Quality,
        CoolDown = CoolDown,
        Release = Release,
    };
}

namespace Mlops.Client;

/// <summary>Says when models are trained again, and what becomes of the new ones. It fires when one of its conditions is met.</summary>
/// <param name="Name">A name for people.</param>
/// <param name="Deployment">The deployment whose model is trained again.</param>
/// <param name="Training">What is trained; what the deployment's production model was trained with where nothing is said.</param>
/// <param name="Window">How far back trainings look, by the time of the records.</param>
/// <param name="Schedule">The times at which it fires.</param>
/// <param name="NewLabels">How many labels must have come since it fired last.</param>
/// <param name="Drift">The drift that fires it.</param>
/// <param name="Quality">The quality of answers that fires it.</param>
/// <param name="CoolDown">How long after it has fired nothing but a person makes it fire again; 1 hour where nothing is said.</param>
/// <param name="Release">What becomes of the new model.</param>
public sealed record TriggerBody(
    string Name,
    string? Deployment = null,
    TrainingStart? Training = null,
    TimeSpan? Window = null,
    TriggerTimes? Schedule = null,
    long? NewLabels = null,
    DriftLimit? Drift = null,
    QualityLimit? Quality = null,
    TimeSpan? CoolDown = null,
    ReleaseRule? Release = null);

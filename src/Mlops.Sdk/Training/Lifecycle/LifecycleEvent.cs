namespace Mlops.Training.Lifecycle;

/// <summary>Something that happened to a model or a deployment.</summary>
/// <param name="Subject">Id of the model, deployment or trigger.</param>
/// <param name="Action">What happened, one of <see cref="LifecycleAction"/>.</param>
/// <param name="At">When.</param>
/// <param name="Model">Id of the model it is about; <see langword="null"/> when there is none.</param>
/// <param name="Author">Who wanted it; <see langword="null"/> when nobody was named.</param>
/// <param name="Text">More about it, for people.</param>
public sealed record LifecycleEvent(string Subject, string Action, DateTimeOffset At, string? Model = null, string? Author = null, string? Text = null);

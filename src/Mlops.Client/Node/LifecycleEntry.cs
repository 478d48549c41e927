namespace Mlops.Client;

/// <summary>Something that happened to a model or a deployment.</summary>
/// <param name="Subject">The id of the model or deployment.</param>
/// <param name="Action">What happened, for example <c>promoted</c>.</param>
/// <param name="At">When.</param>
/// <param name="Model">The model it is about.</param>
/// <param name="Author">Who wanted it.</param>
/// <param name="Text">More about it.</param>
public sealed record LifecycleEntry(
    string Subject,
    string Action,
    DateTimeOffset At,
    string? Model = null,
    string? Author = null,
    string? Text = null);

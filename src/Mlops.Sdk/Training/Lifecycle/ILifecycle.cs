namespace Mlops.Training.Lifecycle;

/// <summary>What happened to models and deployments, durable. Thread-safe.</summary>
public interface ILifecycle
{
    /// <summary>Lists what happened.</summary>
    /// <param name="subject">Id of a model, deployment or trigger; <see langword="null"/> for all.</param>
    /// <param name="limit">How many at most.</param>
    /// <returns>The events, newest first.</returns>
    IReadOnlyList<LifecycleEvent> List(string? subject = null, int limit = 100);

    /// <summary>Occurs after an event became durable, on the thread that stored it; handlers return quickly.</summary>
    event Action<LifecycleEvent>? Happened;
}

using Mlops.Workflows;

namespace Mlops.Prediction.Retraining;

/// <summary>Trains models again when it is time to: triggers say when, and what becomes of the new model. Durable. Thread-safe.</summary>
public interface IRetraining
{
    /// <summary>Adds a trigger; it is enabled.</summary>
    /// <param name="request">When to train what, and what becomes of the model.</param>
    /// <param name="author">Who wants it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The trigger.</returns>
    /// <exception cref="WorkflowException">The request cannot work; the message says all that is wrong with it.</exception>
    Task<TriggerInfo> AddAsync(TriggerRequest request, string? author = null, CancellationToken cancellationToken = default);

    /// <summary>Replaces what a trigger asks for; its schedule and its conditions begin anew, a retraining that is under way goes on as it was.</summary>
    /// <param name="id">Id of the trigger.</param>
    /// <param name="request">What it asks for from now on.</param>
    /// <param name="author">Who wants it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The trigger.</returns>
    /// <exception cref="WorkflowException">There is no such trigger, or the request cannot work.</exception>
    Task<TriggerInfo> ChangeAsync(string id, TriggerRequest request, string? author = null, CancellationToken cancellationToken = default);

    /// <summary>Lets a trigger fire, or keeps it from firing; its schedule begins anew when it is enabled.</summary>
    /// <param name="id">Id of the trigger.</param>
    /// <param name="enabled">Whether it may fire.</param>
    /// <param name="author">Who wants it.</param>
    /// <returns>The trigger.</returns>
    /// <exception cref="WorkflowException">There is no such trigger.</exception>
    Task<TriggerInfo> EnableAsync(string id, bool enabled, string? author = null);

    /// <summary>Deletes a trigger; a retraining that is under way is cancelled. Its retrainings and models stay.</summary>
    /// <param name="id">Id of the trigger.</param>
    /// <param name="author">Who wants it.</param>
    /// <returns>Whether there was one.</returns>
    Task<bool> DeleteAsync(string id, string? author = null);

    /// <summary>Fires a trigger now, whatever its conditions, its cool-down and its switch say.</summary>
    /// <param name="id">Id of the trigger.</param>
    /// <param name="author">Who wants it.</param>
    /// <returns>The retraining, begun and durable.</returns>
    /// <exception cref="WorkflowException">There is no such trigger, or its last retraining has not ended.</exception>
    Task<RetrainingInfo> RunAsync(string id, string? author = null);

    /// <summary>Lets a model that waits for approval take its next step.</summary>
    /// <param name="retraining">Id of the retraining.</param>
    /// <param name="author">Who approves.</param>
    /// <returns>The retraining.</returns>
    /// <exception cref="WorkflowException">There is no such retraining, or it does not wait for approval.</exception>
    Task<RetrainingInfo> ApproveAsync(string retraining, string? author = null);

    /// <summary>Turns a model down that waits for approval; the model stays in the registry.</summary>
    /// <param name="retraining">Id of the retraining.</param>
    /// <param name="author">Who turns it down.</param>
    /// <param name="reason">Why.</param>
    /// <returns>The retraining.</returns>
    /// <exception cref="WorkflowException">There is no such retraining, or it does not wait for approval.</exception>
    Task<RetrainingInfo> RejectAsync(string retraining, string? author = null, string? reason = null);

    /// <summary>Cancels a retraining with its training or backtest; does nothing when it has ended.</summary>
    /// <param name="retraining">Id of the retraining.</param>
    /// <param name="author">Who wants it.</param>
    /// <returns>The retraining, or <see langword="null"/> when there is none.</returns>
    Task<RetrainingInfo?> CancelAsync(string retraining, string? author = null);

    /// <summary>Returns a trigger.</summary>
    /// <param name="id">Id of the trigger.</param>
    /// <returns>The trigger, or <see langword="null"/>.</returns>
    TriggerInfo? Find(string id);

    /// <summary>Lists triggers.</summary>
    /// <returns>A snapshot, oldest first.</returns>
    IReadOnlyList<TriggerInfo> List();

    /// <summary>Returns a retraining.</summary>
    /// <param name="id">Id of the retraining.</param>
    /// <returns>The retraining, or <see langword="null"/>.</returns>
    RetrainingInfo? FindRetraining(string id);

    /// <summary>Lists retrainings, those of deleted triggers too.</summary>
    /// <param name="trigger">Id of a trigger; <see langword="null"/> for all.</param>
    /// <param name="limit">How many at most.</param>
    /// <returns>A snapshot, newest first.</returns>
    IReadOnlyList<RetrainingInfo> Retrainings(string? trigger = null, int limit = 100);

    /// <summary>Occurs after a retraining's state has become durable; handlers return quickly.</summary>
    event Action<RetrainingInfo>? Changed;
}

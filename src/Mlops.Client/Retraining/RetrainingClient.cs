namespace Mlops.Client;

/// <summary>Triggers that train models again, and what came of them. Thread-safe.</summary>
public sealed class RetrainingClient
{
    private readonly Transport _transport;

    internal RetrainingClient(Transport transport) => _transport = transport;

    /// <summary>Lists the triggers, oldest first.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The triggers.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<TriggerDetails>> ListTriggersAsync(CancellationToken cancellationToken = default) =>
        _transport.ListAsync<TriggerDetails>("triggers", cancellationToken);

    /// <summary>Returns a trigger.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The trigger.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<TriggerDetails> GetTriggerAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<TriggerDetails>($"triggers/{Query.Segment(id)}", cancellationToken);

    /// <summary>Adds a trigger.</summary>
    /// <param name="trigger">What it asks for.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The trigger, enabled.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<TriggerDetails> AddTriggerAsync(TriggerBody trigger, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<TriggerBody, TriggerDetails>(HttpMethod.Post, "triggers", trigger, cancellationToken: cancellationToken);

    /// <summary>Replaces what a trigger asks for.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="trigger">What it asks for from now on.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The trigger.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<TriggerDetails> ChangeTriggerAsync(string id, TriggerBody trigger, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<TriggerBody, TriggerDetails>(HttpMethod.Put, $"triggers/{Query.Segment(id)}", trigger, cancellationToken: cancellationToken);

    /// <summary>Lets a trigger fire, or keeps it from firing.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="enabled">Whether it may fire.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The trigger.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<TriggerDetails> EnableTriggerAsync(string id, bool enabled, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<EnabledBody, TriggerDetails>(HttpMethod.Patch, $"triggers/{Query.Segment(id)}", new EnabledBody(enabled), cancellationToken: cancellationToken);

    /// <summary>Removes a trigger; its retrainings and models stay.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes once it is gone.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task DeleteTriggerAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.DeleteAsync($"triggers/{Query.Segment(id)}", cancellationToken);

    /// <summary>Fires a trigger now, whatever its conditions say.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The retraining.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<RetrainingDetails> RunTriggerAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<RetrainingDetails>(HttpMethod.Post, $"triggers/{Query.Segment(id)}/run", null, cancellationToken);

    /// <summary>Lists retrainings, newest first.</summary>
    /// <param name="trigger">Only those of this trigger.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The retrainings.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<RetrainingDetails>> ListAsync(string? trigger = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync<RetrainingDetails>(Query.Of("retrainings", ("trigger", trigger)), cancellationToken);

    /// <summary>Returns a retraining.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The retraining.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<RetrainingDetails> GetAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<RetrainingDetails>($"retrainings/{Query.Segment(id)}", cancellationToken);

    /// <summary>Lets a model that waits for approval take its next step.</summary>
    /// <param name="id">Id of the retraining.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The retraining.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<RetrainingDetails> ApproveAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<RetrainingDetails>(HttpMethod.Post, $"retrainings/{Query.Segment(id)}/approve", null, cancellationToken);

    /// <summary>Turns a model down that waits for approval.</summary>
    /// <param name="id">Id of the retraining.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The retraining.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<RetrainingDetails> RejectAsync(string id, string? reason = null, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<RejectBody, RetrainingDetails>(HttpMethod.Post, $"retrainings/{Query.Segment(id)}/reject", new RejectBody(reason), cancellationToken: cancellationToken);

    /// <summary>Cancels a retraining with its training or backtest.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes once it was told to end.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task CancelAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.DeleteAsync($"retrainings/{Query.Segment(id)}", cancellationToken);

    /// <summary>Waits until a retraining has ended or waits for approval.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The retraining as it stands then.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<RetrainingDetails> WaitAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.WaitAsync<RetrainingDetails>($"retrainings/{Query.Segment(id)}", r => !r.Ended && r.State != "awaitingApproval", cancellationToken);
}

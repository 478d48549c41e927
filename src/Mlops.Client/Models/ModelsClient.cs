namespace Mlops.Client;

/// <summary>Models and backtests. Thread-safe.</summary>
public sealed class ModelsClient
{
    private readonly Transport _transport;

    internal ModelsClient(Transport transport) => _transport = transport;

    /// <summary>Lists the models, newest first.</summary>
    /// <param name="workflow">Only models of this workflow.</param>
    /// <param name="stage">Only models of this stage.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The models.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<ModelDetails>> ListAsync(string? workflow = null, string? stage = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync<ModelDetails>(Query.Of("models", ("workflow", workflow), ("stage", stage)), cancellationToken);

    /// <summary>Returns one model.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The model.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<ModelDetails> GetAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<ModelDetails>($"models/{Query.Segment(id)}", cancellationToken);

    /// <summary>Tells how the data was distributed that a model learned from.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The profile.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<ProfileDetails> GetProfileAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<ProfileDetails>($"models/{Query.Segment(id)}/profile", cancellationToken);

    /// <summary>Says what a model is meant for.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="stage"><c>none</c>, <c>candidate</c>, <c>production</c> or <c>archived</c>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The model.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<ModelDetails> SetStageAsync(string id, string stage, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<StageBody, ModelDetails>(HttpMethod.Put, $"models/{Query.Segment(id)}/stage", new StageBody(stage), cancellationToken: cancellationToken);

    /// <summary>Deletes a model that no deployment needs.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes once it is gone.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task DeleteAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.DeleteAsync($"models/{Query.Segment(id)}", cancellationToken);

    /// <summary>Lists the backtests, newest first.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The backtests.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<BacktestStatus>> ListBacktestsAsync(CancellationToken cancellationToken = default) =>
        _transport.ListAsync<BacktestStatus>("backtests", cancellationToken);

    /// <summary>Returns one backtest.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The backtest.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<BacktestStatus> GetBacktestAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<BacktestStatus>($"backtests/{Query.Segment(id)}", cancellationToken);

    /// <summary>Queues a backtest.</summary>
    /// <param name="start">What is wanted.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The backtest.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<BacktestStatus> StartBacktestAsync(BacktestStart start, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<BacktestStart, BacktestStatus>(HttpMethod.Post, "backtests", start, cancellationToken: cancellationToken);

    /// <summary>Cancels a backtest.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes once it was told to end.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task CancelBacktestAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.DeleteAsync($"backtests/{Query.Segment(id)}", cancellationToken);

    /// <summary>Waits until a backtest has ended.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The backtest as it ended.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<BacktestStatus> WaitBacktestAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.WaitAsync<BacktestStatus>($"backtests/{Query.Segment(id)}", b => b.State is "queued" or "running", cancellationToken);

    /// <summary>Fetches a model with its package and lineage as one file, signed by the node.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="target">Takes the zip.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes once it is there.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task ExportAsync(string id, Stream target, CancellationToken cancellationToken = default) =>
        _transport.CopyAsync($"models/{Query.Segment(id)}/export", target, cancellationToken);

    /// <summary>Brings a model that another node has exported.</summary>
    /// <param name="zip">The file, signed by a key that the node trusts.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The model under the id that it had.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<ModelDetails> ImportAsync(Stream zip, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<ModelDetails>(HttpMethod.Post, "models", Transport.File(zip, "application/zip"), cancellationToken);
}

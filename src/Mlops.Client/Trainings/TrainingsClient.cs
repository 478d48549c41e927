namespace Mlops.Client;

/// <summary>Trainings. Thread-safe.</summary>
public sealed class TrainingsClient
{
    private readonly Transport _transport;

    internal TrainingsClient(Transport transport) => _transport = transport;

    /// <summary>Lists the trainings, newest first.</summary>
    /// <param name="workflow">Only trainings of this workflow.</param>
    /// <param name="state">Only trainings in this state.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The trainings.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<TrainingStatus>> ListAsync(string? workflow = null, string? state = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync<TrainingStatus>(Query.Of("trainings", ("workflow", workflow), ("state", state)), cancellationToken);

    /// <summary>Returns one training.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The training.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<TrainingStatus> GetAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<TrainingStatus>($"trainings/{Query.Segment(id)}", cancellationToken);

    /// <summary>Shows what a training would learn from, without starting it.</summary>
    /// <param name="start">What would be wanted.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Counts, classes and some records.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<TrainingPreview> PreviewAsync(TrainingStart start, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<TrainingStart, TrainingPreview>(HttpMethod.Post, "trainings/preview", start, cancellationToken: cancellationToken);

    /// <summary>Queues a training.</summary>
    /// <param name="start">What is wanted.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The training.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<TrainingStatus> StartAsync(TrainingStart start, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<TrainingStart, TrainingStatus>(HttpMethod.Post, "trainings", start, cancellationToken: cancellationToken);

    /// <summary>Cancels a training.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes once it was told to end.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task CancelAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.DeleteAsync($"trainings/{Query.Segment(id)}", cancellationToken);

    /// <summary>Returns the last lines of a training's output.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The lines, oldest first.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<OutputLine>> GetLogAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.ListAsync<OutputLine>($"trainings/{Query.Segment(id)}/log", cancellationToken);

    /// <summary>Returns the metrics of a training by step.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="name">Only this metric.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The metrics.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<MetricValue>> GetMetricsAsync(string id, string? name = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync<MetricValue>(Query.Of($"trainings/{Query.Segment(id)}/metrics", ("name", name)), cancellationToken);

    /// <summary>Waits until a training has ended.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The training as it ended.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<TrainingStatus> WaitAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.WaitAsync<TrainingStatus>($"trainings/{Query.Segment(id)}", t => t.State is "queued" or "running", cancellationToken);
}

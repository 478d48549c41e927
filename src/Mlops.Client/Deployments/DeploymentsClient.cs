namespace Mlops.Client;

/// <summary>Models in the prediction stage. Thread-safe.</summary>
public sealed class DeploymentsClient
{
    private readonly Transport _transport;

    internal DeploymentsClient(Transport transport) => _transport = transport;

    /// <summary>Lists the deployments.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The deployments.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<DeploymentStatus>> ListAsync(CancellationToken cancellationToken = default) =>
        _transport.ListAsync<DeploymentStatus>("deployments", cancellationToken);

    /// <summary>Returns one deployment.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The deployment.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<DeploymentStatus> GetAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<DeploymentStatus>($"deployments/{Query.Segment(id)}", cancellationToken);

    /// <summary>Starts a deployment; when the task completes, it answers.</summary>
    /// <param name="start">What is wanted.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The deployment.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<DeploymentStatus> StartAsync(DeploymentStart start, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<DeploymentStart, DeploymentStatus>(HttpMethod.Post, "deployments", start, cancellationToken: cancellationToken);

    /// <summary>Puts another model into a deployment.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="model">The model.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The deployment.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<DeploymentStatus> ChangeAsync(string id, string model, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<DeploymentChange, DeploymentStatus>(HttpMethod.Patch, $"deployments/{Query.Segment(id)}", new DeploymentChange(model), cancellationToken: cancellationToken);

    /// <summary>Ends a deployment.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes once it has ended.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task StopAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.DeleteAsync($"deployments/{Query.Segment(id)}", cancellationToken);

    /// <summary>Returns the newest answers, newest first.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The answers.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<PredictionAnswer>> ListPredictionsAsync(string id, int limit = 100, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<IReadOnlyList<PredictionAnswer>>(Query.Of($"deployments/{Query.Segment(id)}/predictions", ("limit", limit)), cancellationToken);

    /// <summary>Lets a model answer every record beside the production model.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="model">The model.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The deployment.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<DeploymentStatus> StartShadowAsync(string id, string model, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<CandidateStart, DeploymentStatus>(HttpMethod.Post, $"deployments/{Query.Segment(id)}/shadow", new CandidateStart(model), cancellationToken: cancellationToken);

    /// <summary>Lets a model answer a share of the records.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="model">The model.</param>
    /// <param name="share">The share, above 0 and up to 1.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The deployment.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<DeploymentStatus> StartCanaryAsync(string id, string model, double share = 0.1, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<CandidateStart, DeploymentStatus>(HttpMethod.Post, $"deployments/{Query.Segment(id)}/canary", new CandidateStart(model, share), cancellationToken: cancellationToken);

    /// <summary>Ends the trial of a shadow or canary.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes once it has ended.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task EndCandidateAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.DeleteAsync($"deployments/{Query.Segment(id)}/candidate", cancellationToken);

    /// <summary>Makes the shadow or canary the production model.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The deployment.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<DeploymentStatus> PromoteAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<DeploymentStatus>(HttpMethod.Post, $"deployments/{Query.Segment(id)}/promote", null, cancellationToken);

    /// <summary>Goes back to the production model before.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The deployment.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<DeploymentStatus> RollBackAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<DeploymentStatus>(HttpMethod.Post, $"deployments/{Query.Segment(id)}/rollback", null, cancellationToken);
}

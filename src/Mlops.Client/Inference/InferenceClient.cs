namespace Mlops.Client;

/// <summary>The Open Inference Protocol, version 2, whose models are the deployments. Thread-safe.</summary>
public sealed class InferenceClient
{
    private readonly Transport _transport;

    internal InferenceClient(Transport transport) => _transport = transport;

    /// <summary>Tells name and version of the server.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The server.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<InferenceServer> GetServerAsync(CancellationToken cancellationToken = default) =>
        _transport.GetAsync<InferenceServer>("/v2", cancellationToken);

    /// <summary>Tells inputs and outputs of a deployment.</summary>
    /// <param name="deployment">Id of the deployment.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The model.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<InferenceModel> GetModelAsync(string deployment, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<InferenceModel>($"/v2/models/{Query.Segment(deployment)}", cancellationToken);

    /// <summary>Answers rows with the model of a deployment.</summary>
    /// <param name="deployment">Id of the deployment.</param>
    /// <param name="request">The rows.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The answers.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<InferenceAnswer> InferAsync(string deployment, InferenceRequest request, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<InferenceRequest, InferenceAnswer>(HttpMethod.Post, $"/v2/models/{Query.Segment(deployment)}/infer", request, cancellationToken: cancellationToken);
}

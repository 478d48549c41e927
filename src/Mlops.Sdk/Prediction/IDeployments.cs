using Mlops.Workflows;

namespace Mlops.Prediction;

/// <summary>Models in the prediction stage. Thread-safe.</summary>
public interface IDeployments
{
    /// <summary>Starts a deployment; when the task completes it is ready and answers every record accepted from then on.</summary>
    /// <param name="request">Which model, on which feed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The deployment, ready and durable: it resumes after a restart.</returns>
    /// <exception cref="WorkflowException">The request cannot work, or the model does not load.</exception>
    Task<DeploymentInfo> StartAsync(DeploymentRequest request, CancellationToken cancellationToken = default);

    /// <summary>Puts another model into a deployment: it is loaded and warmed beside the old one and takes over between two batches.</summary>
    /// <param name="id">Id of the deployment.</param>
    /// <param name="model">Id of the model, of the same workflow.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The deployment.</returns>
    Task<DeploymentInfo> SwapAsync(string id, string model, CancellationToken cancellationToken = default);

    /// <summary>Ends a deployment; its predictions stay.</summary>
    /// <param name="id">Id of the deployment.</param>
    /// <returns>Whether there was one.</returns>
    Task<bool> StopAsync(string id);

    /// <summary>Returns a deployment.</summary>
    /// <param name="id">Id of the deployment.</param>
    /// <returns>The deployment, or <see langword="null"/>.</returns>
    DeploymentInfo? Find(string id);

    /// <summary>Lists deployments.</summary>
    /// <returns>A snapshot, oldest first.</returns>
    IReadOnlyList<DeploymentInfo> List();
}

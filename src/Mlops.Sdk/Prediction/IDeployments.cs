using Mlops.Prediction.Candidates;
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
    /// <param name="author">Who wants it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The deployment.</returns>
    /// <exception cref="WorkflowException">There is no such deployment that runs, or the model does not load; then nothing has changed.</exception>
    Task<DeploymentInfo> SwapAsync(string id, string model, string? author = null, CancellationToken cancellationToken = default);

    /// <summary>Tries a model beside the production model; one that was tried before ends.</summary>
    /// <param name="id">Id of the deployment.</param>
    /// <param name="candidate">Which model, and how.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The deployment; the candidate sees every record accepted from now on, also after a restart.</returns>
    /// <exception cref="WorkflowException">There is no such deployment that runs, the model does not load, or its answers cannot be compared.</exception>
    Task<DeploymentInfo> StartCandidateAsync(string id, CandidateRequest candidate, CancellationToken cancellationToken = default);

    /// <summary>Ends the trial of a candidate; its answers stay.</summary>
    /// <param name="id">Id of the deployment.</param>
    /// <param name="author">Who wants it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The deployment.</returns>
    /// <exception cref="WorkflowException">There is no such deployment that runs, or it has no candidate.</exception>
    Task<DeploymentInfo> EndCandidateAsync(string id, string? author = null, CancellationToken cancellationToken = default);

    /// <summary>Makes the candidate the production model, between two batches.</summary>
    /// <param name="id">Id of the deployment.</param>
    /// <param name="author">Who wants it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The deployment.</returns>
    /// <exception cref="WorkflowException">There is no such deployment that runs, it has no candidate, or the model does not load.</exception>
    Task<DeploymentInfo> PromoteAsync(string id, string? author = null, CancellationToken cancellationToken = default);

    /// <summary>Goes back to the production model before, between two batches. Called again, it goes back one further.</summary>
    /// <param name="id">Id of the deployment.</param>
    /// <param name="author">Who wants it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The deployment.</returns>
    /// <exception cref="WorkflowException">There is no such deployment that runs, it had no other model, or that does not load.</exception>
    Task<DeploymentInfo> RollbackAsync(string id, string? author = null, CancellationToken cancellationToken = default);

    /// <summary>Ends a deployment; its predictions stay.</summary>
    /// <param name="id">Id of the deployment.</param>
    /// <param name="author">Who wants it.</param>
    /// <returns>Whether there was one.</returns>
    Task<bool> StopAsync(string id, string? author = null);

    /// <summary>Returns a deployment.</summary>
    /// <param name="id">Id of the deployment.</param>
    /// <returns>The deployment, or <see langword="null"/>.</returns>
    DeploymentInfo? Find(string id);

    /// <summary>Lists deployments.</summary>
    /// <returns>A snapshot, oldest first.</returns>
    IReadOnlyList<DeploymentInfo> List();
}

namespace Mlops.Client;

/// <summary>Workflow packages. Thread-safe.</summary>
public sealed class WorkflowsClient
{
    private readonly Transport _transport;

    internal WorkflowsClient(Transport transport) => _transport = transport;

    /// <summary>Lists the workflows in all versions.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The workflows.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<WorkflowDetails>> ListAsync(CancellationToken cancellationToken = default) =>
        _transport.ListAsync<WorkflowDetails>("workflows", cancellationToken);

    /// <summary>Returns one workflow with its versions and README.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="version">Its version; the newest where nothing is said.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The workflow.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<WorkflowDetails> GetAsync(string name, string? version = null, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<WorkflowDetails>(Query.Of($"workflows/{Query.Segment(name)}", ("version", version)), cancellationToken);

    /// <summary>Checks a package and installs it.</summary>
    /// <param name="package">The zip.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The workflow.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<WorkflowDetails> UploadAsync(Stream package, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<WorkflowDetails>(HttpMethod.Post, "workflows", Transport.File(package, "application/zip"), cancellationToken);

    /// <summary>Checks a package without installing it.</summary>
    /// <param name="package">The zip.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<WorkflowCheck> CheckAsync(Stream package, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<WorkflowCheck>(HttpMethod.Post, "workflows/check", Transport.File(package, "application/zip"), cancellationToken);

    /// <summary>Fetches the package of a version, as it was uploaded.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="version">Its version.</param>
    /// <param name="target">Gets the zip.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes once it is there.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task DownloadAsync(string name, string version, Stream target, CancellationToken cancellationToken = default) =>
        _transport.CopyAsync($"workflows/{Query.Segment(name)}/{Query.Segment(version)}/package", target, cancellationToken);

    /// <summary>Removes a version that no model needs.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="version">Its version.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes once it is gone.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task DeleteAsync(string name, string version, CancellationToken cancellationToken = default) =>
        _transport.DeleteAsync($"workflows/{Query.Segment(name)}/{Query.Segment(version)}", cancellationToken);
}

namespace Mlops.Workflows;

/// <summary>The workflow packages of this node. Thread-safe.</summary>
public interface IWorkflowCatalog
{
    /// <summary>
    /// Checks a package and installs it. Nothing of it runs before it has passed; then its environment is made and, where it brings sample
    /// data, it is trained on that in a worker and its golden cases are run.
    /// </summary>
    /// <param name="path">A zip file or a folder.</param>
    /// <param name="trusted">Whether the host vouches for it, so that it may run inside the host's process; a signature by a trusted key does the same.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The installed package; the same one when it was installed before.</returns>
    /// <exception cref="WorkflowException">The package is broken, or its version exists with other content. The message lists all findings.</exception>
    Task<WorkflowPackage> InstallAsync(string path, bool trusted, CancellationToken cancellationToken = default);

    /// <summary>Checks a package as <see cref="InstallAsync"/> does, without installing it; nothing of it runs.</summary>
    /// <param name="path">A zip file or a folder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its manifest.</returns>
    /// <exception cref="WorkflowException">The package is broken, or its version exists with other content. The message lists all findings.</exception>
    Task<WorkflowManifest> CheckAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Removes a version of a workflow with its files.</summary>
    /// <param name="name">Name of the workflow.</param>
    /// <param name="version">Its version.</param>
    /// <returns>Whether there was such a version.</returns>
    /// <exception cref="WorkflowException">A model needs it.</exception>
    Task<bool> RemoveAsync(string name, string version);

    /// <summary>Lists the packages, newest version of a name first.</summary>
    /// <returns>A snapshot.</returns>
    IReadOnlyList<WorkflowPackage> List();

    /// <summary>Returns a package.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="version">Its version; <see langword="null"/> for the newest.</param>
    /// <returns>The package, or <see langword="null"/>.</returns>
    WorkflowPackage? Find(string name, string? version = null);
}

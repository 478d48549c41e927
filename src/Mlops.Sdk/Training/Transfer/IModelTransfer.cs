using Mlops.Workflows;

namespace Mlops.Training.Transfer;

/// <summary>Takes models from node to node: each with its package and its lineage in one signed file. Thread-safe.</summary>
public interface IModelTransfer
{
    /// <summary>Writes a model as a zip, signed by this node's key.</summary>
    /// <param name="id">Id of the model.</param>
    /// <param name="target">Takes the zip; it need not be able to seek, and stays open.</param>
    /// <param name="author">Who wants it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="WorkflowException">There is no such model, its package is gone, or its files are not those that were stored.</exception>
    Task ExportAsync(string id, Stream target, string? author = null, CancellationToken cancellationToken = default);

    /// <summary>Checks all of a file, and only then installs its package and registers its model. A trusted key must have signed it, whatever the node's policy for packages is.</summary>
    /// <param name="path">The zip.</param>
    /// <param name="author">Who wants it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The model under the id that it had; the same one when it was imported before.</returns>
    /// <exception cref="WorkflowException">The file is damaged, changed, or not signed by a trusted key; or a model or package of the same name has other content here. Nothing is kept then.</exception>
    Task<ModelInfo> ImportAsync(string path, string? author = null, CancellationToken cancellationToken = default);
}

namespace Mlops.Hosting;

/// <summary>What is configured at run time, as one file: for moving it to another node, keeping it beside the host's sources, or comparing nodes. Thread-safe.</summary>
public interface INodeConfiguration
{
    /// <summary>Returns everything as one file.</summary>
    /// <param name="format">The format.</param>
    /// <param name="withSecrets">Whether secrets are shown; otherwise each reads <c>********</c>, and an import keeps the secret that is there.</param>
    /// <returns>The text of the file.</returns>
    string Export(ConfigurationFormat format, bool withSecrets = false);

    /// <summary>Takes over a file, YAML or JSON. Everything is checked before anything is changed; what is as it shall be keeps running.</summary>
    /// <param name="text">The text of the file.</param>
    /// <param name="mode">What happens to what the file does not name.</param>
    /// <param name="cancellationToken">Stops between two changes.</param>
    /// <returns>How many things were added, changed or removed, by part.</returns>
    /// <exception cref="NodeConfigurationException">The file is wrong; nothing was changed.</exception>
    Task<IReadOnlyDictionary<string, int>> ImportAsync(string text, ImportMode mode = ImportMode.Merge, CancellationToken cancellationToken = default);
}

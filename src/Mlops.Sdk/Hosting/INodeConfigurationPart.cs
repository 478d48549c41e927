using System.Text.Json.Nodes;

namespace Mlops.Hosting;

/// <summary>
/// A part of what is configured at run time, as it stands in the node's configuration file. Register yours with
/// <c>TryAddEnumerable</c>; parts are imported in the order of their registration.
/// </summary>
public interface INodeConfigurationPart
{
    /// <summary>Gets the name of the part in the file, in camel case, for example <c>assets</c>.</summary>
    string Name { get; }

    /// <summary>Returns everything of the part.</summary>
    /// <param name="withSecrets">Whether secrets are shown; otherwise each reads <c>********</c>.</param>
    /// <returns>What <see cref="ImportAsync"/> takes.</returns>
    JsonNode Export(bool withSecrets);

    /// <summary>Checks a part of a file and changes nothing.</summary>
    /// <param name="content">The part.</param>
    /// <returns>Everything that is wrong with it, each with its remedy; empty when it can be imported.</returns>
    IReadOnlyList<string> Check(JsonNode content);

    /// <summary>Takes over a part of a file that was checked.</summary>
    /// <param name="content">The part.</param>
    /// <param name="mode">What happens to what the file does not name.</param>
    /// <param name="cancellationToken">Stops between two changes.</param>
    /// <returns>The number of things that were added, changed or removed.</returns>
    Task<int> ImportAsync(JsonNode content, ImportMode mode, CancellationToken cancellationToken = default);
}

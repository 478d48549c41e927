namespace Mlops.Workflows.Packages;

/// <summary>A package whose files lie, durable, in a temporary folder. Disposing it removes the folder unless it was moved.</summary>
internal sealed class StagedPackage(string folder, string digest, IReadOnlyDictionary<string, string> digests) : IDisposable
{
    public string Folder { get; } = folder;

    /// <summary>Gets the digest over the files, see <see cref="FileDigests"/>.</summary>
    public string Digest { get; } = digest;

    /// <summary>Gets the paths of the files.</summary>
    public IReadOnlySet<string> Files { get; } = digests.Keys.ToHashSet(StringComparer.Ordinal);

    /// <summary>Gets the SHA-256 of each file in hex, by path.</summary>
    public IReadOnlyDictionary<string, string> Digests { get; } = digests;

    public void Dispose()
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }
}

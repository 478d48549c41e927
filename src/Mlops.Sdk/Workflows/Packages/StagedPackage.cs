namespace Mlops.Workflows.Packages;

/// <summary>A package whose files lie, durable, in a temporary folder. Disposing it removes the folder unless it was moved.</summary>
internal sealed class StagedPackage(string folder, string digest, IReadOnlySet<string> files) : IDisposable
{
    public string Folder { get; } = folder;

    /// <summary>Gets the digest over the files, see <see cref="FileDigests"/>.</summary>
    public string Digest { get; } = digest;

    /// <summary>Gets the paths of the files.</summary>
    public IReadOnlySet<string> Files { get; } = files;

    public void Dispose()
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }
}

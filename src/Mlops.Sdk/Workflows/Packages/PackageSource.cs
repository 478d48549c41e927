namespace Mlops.Workflows.Packages;

/// <summary>A package as it was handed in: its files, and what is wrong with them as far as that can be seen without reading them.</summary>
internal sealed class PackageSource(IReadOnlyList<PackageFile> files, IReadOnlyList<Finding> findings, IDisposable? archive = null) : IDisposable
{
    public IReadOnlyList<PackageFile> Files { get; } = files;

    public IReadOnlyList<Finding> Findings { get; } = findings;

    /// <summary>Opens a folder or a zip file.</summary>
    /// <exception cref="WorkflowException">There is no such file or folder.</exception>
    public static PackageSource Open(string path, WorkflowOptions limits)
    {
        try
        {
            if (Directory.Exists(path))
                return FolderSource.Open(path, limits);
            if (File.Exists(path))
                return ZipSource.Open(path, limits);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkflowException($"The package '{path}' cannot be read: {e.Message} Make it readable for this account.", innerException: e);
        }

        throw new WorkflowException($"There is no package '{path}'. Name a zip file or a folder that contains {Manifests.ManifestReader.FileName}.");
    }

    public void Dispose() => archive?.Dispose();
}

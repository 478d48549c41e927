using System.IO.Compression;

namespace Mlops.Store.Backup;

/// <summary>Reads a backup's files from its folder or zip file.</summary>
internal sealed class BackupReader : IDisposable
{
    private readonly string _path;
    private readonly ZipArchive? _zip;

    private BackupReader(string path, ZipArchive? zip)
    {
        _path = path;
        _zip = zip;
        using Stream manifest = TryOpen(BackupManifest.Name)
            ?? throw new InvalidDataException($"'{path}' is no backup: it has no {BackupManifest.Name}. A backup that was not finished ends in .partial and cannot be used.");
        Manifest = BackupManifest.Read(manifest, path);
    }

    public BackupManifest Manifest { get; }

    /// <exception cref="InvalidDataException">There is no sound backup.</exception>
    public static BackupReader Open(string path)
    {
        ZipArchive? zip = null;
        try
        {
            if (File.Exists(path))
                zip = ZipFile.OpenRead(path);
            else if (!Directory.Exists(path))
                throw new InvalidDataException($"There is no backup at '{path}'.");
            return new BackupReader(path, zip);
        }
        catch
        {
            zip?.Dispose();
            throw;
        }
    }

    /// <summary>Reads a file, compares it with the manifest, and copies it.</summary>
    /// <exception cref="InvalidDataException">It is missing or differs.</exception>
    public async Task CopyAsync(BackupFile file, Stream? target, CancellationToken cancellationToken)
    {
        await using Stream source = TryOpen(file.Path) ?? throw Unsound(file, "is missing");
        (long size, string sha256) = await HashingCopy.RunAsync(source, target, cancellationToken).ConfigureAwait(false);
        if (size != file.Size || sha256 != file.Sha256)
            throw Unsound(file, "differs from what was written");
    }

    public InvalidDataException Unsound(BackupFile file, string what) => new($"The backup '{_path}' is not sound: its file '{file.Path}' {what}. Nothing was restored. Use another backup.");

    public void Dispose() => _zip?.Dispose();

    private Stream? TryOpen(string relative)
    {
        if (_zip is not null)
            return _zip.GetEntry(relative)?.Open();
        string path = Path.Combine(_path, relative);
        return File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read) : null;
    }
}

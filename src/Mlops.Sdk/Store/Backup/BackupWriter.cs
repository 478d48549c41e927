using System.IO.Compression;
using Mlops.Store.Segments;

namespace Mlops.Store.Backup;

/// <summary>Writes the files of a backup under a name that nobody takes for one, and gives it its own when all are durable.</summary>
internal abstract class BackupWriter : IAsyncDisposable
{
    private const string Unfinished = ".partial";

    protected BackupWriter(string target)
    {
        Target = target;
        Partial = target + Unfinished;
    }

    protected string Target { get; }

    protected string Partial { get; }

    /// <summary>Opens a writer of the kind that a target's name asks for.</summary>
    /// <exception cref="ArgumentException">Something is there already.</exception>
    public static BackupWriter Open(string target)
    {
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            throw new ArgumentException($"The backup cannot be written to '{target}': something is there already. Name a new folder or file.", nameof(target));
        return target.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) ? new ToZip(target) : new ToFolder(target);
    }

    /// <summary>Adds a file that never changes, or that is the backup's own.</summary>
    public abstract Task<BackupFile> AddAsync(string source, string relative, CancellationToken cancellationToken);

    /// <summary>Writes the manifest, makes everything durable and gives the backup its name.</summary>
    public abstract Task FinishAsync(BackupManifest manifest);

    public abstract ValueTask DisposeAsync();

    private sealed class ToFolder : BackupWriter
    {
        private readonly HashSet<string> _folders = new(StringComparer.Ordinal);

        public ToFolder(string target)
            : base(target)
        {
            if (Directory.Exists(Partial))
                Directory.Delete(Partial, recursive: true);
            Create(Partial);
        }

        public override async Task<BackupFile> AddAsync(string source, string relative, CancellationToken cancellationToken)
        {
            string path = Path.Combine(Partial, relative);
            Create(Path.GetDirectoryName(path)!);
            await using FileStream from = new(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            bool linked = HardLink.TryCreate(source, path);
            (long size, string sha256) = (0, "");
            if (linked)
            {
                (size, sha256) = await HashingCopy.RunAsync(from, null, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await using FileStream to = new(path, FileMode.CreateNew, FileAccess.Write);
                (size, sha256) = await HashingCopy.RunAsync(from, to, cancellationToken).ConfigureAwait(false);
                to.Flush(flushToDisk: true);
            }

            return new BackupFile(relative, size, sha256);
        }

        public override async Task FinishAsync(BackupManifest manifest)
        {
            string path = Path.Combine(Partial, BackupManifest.Name);
            await File.WriteAllBytesAsync(path, manifest.Write()).ConfigureAwait(false);
            FolderSync.File(path);
            foreach (string folder in _folders)
                FolderSync.Folder(folder);
            if (Directory.Exists(Target))
                Directory.Delete(Target);
            Directory.Move(Partial, Target);
            FolderSync.Folder(Path.GetDirectoryName(Target)!);
        }

        public override ValueTask DisposeAsync()
        {
            if (Directory.Exists(Partial))
                Directory.Delete(Partial, recursive: true);
            return ValueTask.CompletedTask;
        }

        private void Create(string folder)
        {
            if (!_folders.Add(folder))
                return;
            Directory.CreateDirectory(folder);
            if (folder != Partial)
                Create(Path.GetDirectoryName(folder)!);
        }
    }

    private sealed class ToZip : BackupWriter
    {
        private readonly FileStream _file;
        private ZipArchive? _zip;

        public ToZip(string target)
            : base(target)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            _file = new FileStream(Partial, FileMode.Create, FileAccess.Write);
            _zip = new ZipArchive(_file, ZipArchiveMode.Create, leaveOpen: true);
        }

        public override async Task<BackupFile> AddAsync(string source, string relative, CancellationToken cancellationToken)
        {
            // All but the database is compressed already.
            ZipArchiveEntry entry = _zip!.CreateEntry(relative, relative == BackupManifest.Database ? CompressionLevel.Fastest : CompressionLevel.NoCompression);
            await using FileStream from = new(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            await using Stream to = await entry.OpenAsync(cancellationToken).ConfigureAwait(false);
            (long size, string sha256) = await HashingCopy.RunAsync(from, to, cancellationToken).ConfigureAwait(false);
            return new BackupFile(relative, size, sha256);
        }

        public override async Task FinishAsync(BackupManifest manifest)
        {
            await using (Stream entry = await _zip!.CreateEntry(BackupManifest.Name).OpenAsync().ConfigureAwait(false))
                await entry.WriteAsync(manifest.Write()).ConfigureAwait(false);
            await _zip.DisposeAsync().ConfigureAwait(false);
            _zip = null;
            _file.Flush(flushToDisk: true);
            await _file.DisposeAsync().ConfigureAwait(false);
            File.Move(Partial, Target);
            FolderSync.Folder(Path.GetDirectoryName(Target)!);
        }

        public override async ValueTask DisposeAsync()
        {
            if (_zip is not null)
                await _zip.DisposeAsync().ConfigureAwait(false);
            await _file.DisposeAsync().ConfigureAwait(false);
            File.Delete(Partial);
        }
    }
}

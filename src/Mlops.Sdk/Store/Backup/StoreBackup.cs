using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Mlops.Store.Blobs;
using Mlops.Store.Queries;
using Mlops.Store.Segments;

namespace Mlops.Store.Backup;

/// <summary>
/// Copies the database in one snapshot and then the files that it names: those never change, and a lease keeps them on the disk
/// until they are copied. Blobs are durable before the records that name them, so those of the snapshot are there as well.
/// </summary>
internal sealed class StoreBackup(NodeDatabase database, QueryEngine engine, FeedStore store, BlobStore blobs, TimeProvider time, ILogger<StoreBackup> logger)
    : IStoreBackup, IDisposable
{
    /// <summary>Begins the names of copies of the database in the data folder; the next start deletes what a crash left.</summary>
    public const string CopyPrefix = "backup-copy-";
    private readonly SemaphoreSlim _busy = new(1, 1);

    public async Task<BackupInfo> BackupAsync(string target, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(target);
        target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        if ((target + Path.DirectorySeparatorChar).StartsWith(database.Folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new ArgumentException($"The backup cannot be written to '{target}': that is in the data folder. Name a place outside of it.", nameof(target));
        await _busy.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await blobs.Sweeping.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                BackupInfo info = await Task.Run(() => WriteAsync(target, progress, cancellationToken), cancellationToken).ConfigureAwait(false);
                Log.BackedUp(logger, info.Files, info.Bytes, info.Path);
                return info;
            }
            finally
            {
                blobs.Sweeping.Release();
            }
        }
        finally
        {
            _busy.Release();
        }
    }

    public void Dispose() => _busy.Dispose();

    private async Task<BackupInfo> WriteAsync(string target, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        await using BackupWriter writer = BackupWriter.Open(target);
        using IDisposable lease = engine.Leases.Take();
        string copy = Path.Combine(database.Folder, $"{CopyPrefix}{Guid.NewGuid():N}");
        try
        {
            DateTimeOffset created = time.GetUtcNow();
            List<(long Feed, Segment Segment)> segments = CopyDatabase(copy);
            List<(string Source, string Relative)> others = [.. BackupManifest.Folders.Skip(1).SelectMany(FilesOf)];
            var files = new List<BackupFile> { await writer.AddAsync(copy, BackupManifest.Database, cancellationToken).ConfigureAwait(false) };
            double total = 1 + segments.Count + others.Count;
            foreach ((long feed, Segment segment) in segments)
            {
                progress?.Report(files.Count / total);
                await RequireSoundAsync(feed, segment).ConfigureAwait(false);
                files.Add(await writer.AddAsync(Path.Combine(engine.FeedsFolder, segment.Path), $"feeds/{segment.Path}", cancellationToken).ConfigureAwait(false));
            }

            foreach ((string source, string relative) in others)
            {
                progress?.Report(files.Count / total);
                if (File.Exists(source))
                    files.Add(await writer.AddAsync(source, relative, cancellationToken).ConfigureAwait(false));
            }

            await writer.FinishAsync(new BackupManifest(BackupManifest.CurrentFormat, created, files)).ConfigureAwait(false);
            progress?.Report(1);
            return new BackupInfo(target, created, files.Count, files.Sum(f => f.Size));
        }
        catch (SqliteException e)
        {
            throw new IOException($"The backup to '{target}' failed: {e.Message} Free space or mend the disk, and make it again.", e);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private List<(long Feed, Segment Segment)> CopyDatabase(string path)
    {
        using var copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        copy.Open();
        database.Read(connection =>
        {
            connection.BackupDatabase(copy);
            return true;
        });

        // One file without companions.
        copy.Run("PRAGMA journal_mode=DELETE");
        return [.. SegmentRows.All(copy).Values];
    }

    private async Task RequireSoundAsync(long number, Segment segment)
    {
        if (SetAside.FindFault(Path.Combine(engine.FeedsFolder, segment.Path), segment.Range.Bytes, segment.Checksum) is not { } reason)
            return;
        if (store.Catalog.Entries.FirstOrDefault(f => f.Number == number) is { } feed)
            await store.SetAside.SegmentIfBrokenAsync(feed, segment).ConfigureAwait(false);
        throw new IOException($"The backup was given up: 'feeds/{segment.Path}' is broken ({reason}) It was set aside. Make the backup again; it will hold the rest.");
    }

    private IEnumerable<(string Source, string Relative)> FilesOf(string folder)
    {
        string path = Path.Combine(database.Folder, folder);
        return !Directory.Exists(path) ? [] : Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .Select(f => (Source: f, Relative: Path.GetRelativePath(database.Folder, f).Replace(Path.DirectorySeparatorChar, '/')))
            .Where(f => !f.Relative.Contains("/.tmp-", StringComparison.Ordinal));
    }
}

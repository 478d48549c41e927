using System.Globalization;
using Microsoft.Data.Sqlite;
using Mlops.Store.Backup;
using Mlops.Store.Catalog;
using Mlops.Store.Segments;

namespace Mlops.Store;

/// <summary>Checks backups and restores them, without a running node.</summary>
public static class StoreRestore
{
    /// <summary>Positions that a node gave after its backup was made are not given again by the restored one.</summary>
    private const long PositionsLeftOut = 1L << 32;

    /// <summary>Reads a whole backup and compares it with its checksums.</summary>
    /// <param name="backup">The folder or zip file.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What it holds.</returns>
    /// <exception cref="InvalidDataException">It is not sound: what, which file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<BackupInfo> VerifyAsync(string backup, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(backup);
        backup = Path.GetFullPath(backup);
        string folder = Directory.CreateTempSubdirectory("mlops-verify-").FullName;
        try
        {
            using BackupReader reader = BackupReader.Open(backup);
            string database = Path.Combine(folder, BackupManifest.Database);
            foreach (BackupFile file in reader.Manifest.Files)
            {
                await using FileStream? target = file.Path == BackupManifest.Database ? File.Create(database) : null;
                await reader.CopyAsync(file, target, cancellationToken).ConfigureAwait(false);
            }

            CheckDatabase(database, reader);
            return Describe(backup, reader);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Makes a data folder of a backup. Everything is compared with its checksums on the way, and a folder in which that failed is left empty.</summary>
    /// <param name="backup">The folder or zip file.</param>
    /// <param name="dataFolder">The data folder; it must be empty or not exist.</param>
    /// <param name="progress">Hears from 0 to 1 how far it is.</param>
    /// <param name="cancellationToken">Gives up and empties the folder again.</param>
    /// <returns>What was restored; it is durable.</returns>
    /// <exception cref="ArgumentException">The data folder is not empty.</exception>
    /// <exception cref="InvalidDataException">The backup is not sound: what, which file.</exception>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static async Task<BackupInfo> RestoreAsync(string backup, string dataFolder, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(backup);
        ArgumentException.ThrowIfNullOrWhiteSpace(dataFolder);
        backup = Path.GetFullPath(backup);
        dataFolder = Path.GetFullPath(dataFolder);
        if (Directory.Exists(dataFolder) && Directory.EnumerateFileSystemEntries(dataFolder).Any())
            throw new ArgumentException($"'{backup}' cannot be restored into '{dataFolder}': the folder is not empty. Name an empty one, or move away what is in it.", nameof(dataFolder));
        using BackupReader reader = BackupReader.Open(backup);
        Directory.CreateDirectory(dataFolder);
        string marker = Path.Combine(dataFolder, DataFolderLock.RestoreMarker);
        try
        {
            await File.WriteAllTextAsync(marker, backup, cancellationToken).ConfigureAwait(false);
            await CopyAsync(reader, dataFolder, progress, cancellationToken).ConfigureAwait(false);
            string database = Path.Combine(dataFolder, BackupManifest.Database);
            CheckDatabase(database, reader);
            LeavePositionsOut(database);
            FolderSync.File(database);
            foreach (string folder in Directory.EnumerateDirectories(dataFolder, "*", SearchOption.AllDirectories).Append(dataFolder))
                FolderSync.Folder(folder);
            File.Delete(marker);
            FolderSync.Folder(dataFolder);
            return Describe(backup, reader);
        }
        catch
        {
            foreach (string entry in Directory.EnumerateDirectories(dataFolder))
                Directory.Delete(entry, recursive: true);
            foreach (string entry in Directory.EnumerateFiles(dataFolder))
                File.Delete(entry);
            throw;
        }
    }

    private static async Task CopyAsync(BackupReader reader, string dataFolder, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        IReadOnlyList<BackupFile> files = reader.Manifest.Files;
        for (int i = 0; i < files.Count; i++)
        {
            progress?.Report(i / (double)files.Count);
            string path = Path.Combine(dataFolder, files[i].Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using FileStream target = new(path, FileMode.CreateNew, FileAccess.Write);
            await reader.CopyAsync(files[i], target, cancellationToken).ConfigureAwait(false);
            target.Flush(flushToDisk: true);
        }

        progress?.Report(1);
    }

    /// <summary>Checks that the database is whole and that every file that it names is in the backup.</summary>
    private static void CheckDatabase(string path, BackupReader reader)
    {
        BackupFile database = reader.Manifest.Files.First(f => f.Path == BackupManifest.Database);
        try
        {
            using SqliteConnection connection = Open(path);
            string? verdict = connection.Scalar<string>("PRAGMA integrity_check");
            if (verdict != "ok")
                throw reader.Unsound(database, $"is damaged ({verdict})");
            Dictionary<string, BackupFile> files = reader.Manifest.Files.ToDictionary(f => f.Path, StringComparer.Ordinal);
            foreach (Segment segment in SegmentRows.All(connection).Values.Select(s => s.Segment))
            {
                if (!files.TryGetValue($"feeds/{segment.Path}", out BackupFile? file) || file.Size != segment.Range.Bytes)
                    throw reader.Unsound(file ?? new BackupFile($"feeds/{segment.Path}", 0, ""), "is not as the catalog has it");
            }
        }
        catch (SqliteException e)
        {
            throw reader.Unsound(database, $"is damaged ({e.Message})");
        }
    }

    private static void LeavePositionsOut(string path)
    {
        using SqliteConnection connection = Open(path);
        long reserved = PositionReservation.ReadReserved(connection);
        connection.Run(
            "INSERT INTO setting VALUES ($key, $value) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            ("$key", PositionReservation.Setting), ("$value", (reserved + PositionsLeftOut).ToString(CultureInfo.InvariantCulture)));
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static BackupInfo Describe(string path, BackupReader reader) =>
        new(path, reader.Manifest.Created, reader.Manifest.Files.Count, reader.Manifest.Files.Sum(f => f.Size));
}

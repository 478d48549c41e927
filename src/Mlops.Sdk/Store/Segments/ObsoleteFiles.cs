using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Mlops.Store.Segments;

/// <summary>
/// Deletes files that are no part of the store any more. They are listed in the transaction that unregisters them, so a crash
/// leaves none behind, and deleted when nobody reads them any more.
/// </summary>
internal sealed class ObsoleteFiles(NodeDatabase database, FileLeases leases, string feedsFolder, ILogger logger)
{
    private readonly Queue<(long Mark, IReadOnlyList<string> Paths)> _waiting = new();
    private readonly Lock _lock = new();

    /// <summary>Lists a file; inside the transaction that unregisters it.</summary>
    public static void List(SqliteConnection connection, string path) =>
        connection.Run("INSERT OR IGNORE INTO obsolete_file (path) VALUES ($path)", ("$path", path));

    /// <summary>Says that listed files are unregistered for good.</summary>
    public void Add(IReadOnlyList<string> paths)
    {
        lock (_lock)
            _waiting.Enqueue((leases.Mark(), paths));
    }

    /// <summary>Deletes what nobody reads any more.</summary>
    public async Task DeleteUnreadAsync()
    {
        var free = new List<string>();
        lock (_lock)
        {
            while (_waiting.TryPeek(out (long Mark, IReadOnlyList<string> Paths) next) && leases.AreOver(next.Mark))
                free.AddRange(_waiting.Dequeue().Paths);
        }

        await DeleteAsync(free).ConfigureAwait(false);
    }

    /// <summary>Deletes all that are listed: when the store starts or stops, and nobody reads.</summary>
    public Task DeleteAllAsync()
    {
        lock (_lock)
            _waiting.Clear();
        return DeleteAsync(database.Read(connection => connection.Rows("SELECT path FROM obsolete_file", r => r.GetString(0))));
    }

    private async Task DeleteAsync(IReadOnlyList<string> paths)
    {
        var gone = new List<string>();
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            string file = Path.Combine(feedsFolder, path);
            try
            {
                if (File.Exists(file))
                {
                    File.Delete(file);
                    folders.Add(Path.GetDirectoryName(file)!);
                }

                gone.Add(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Log.LeftoverNotDeleted(logger, e, path);
            }
        }

        if (gone.Count == 0)
            return;

        // A name that comes back after a loss of power must still be listed.
        foreach (string folder in folders)
            FolderSync.Folder(folder);
        await database.WriteAsync(connection => gone.ForEach(path => connection.Run("DELETE FROM obsolete_file WHERE path = $path", ("$path", path)))).ConfigureAwait(false);
    }
}

using Mlops.DuckDb;
using Mlops.Store.Catalog;
using Mlops.Store.CommitLog;
using Mlops.Store.Queries;

namespace Mlops.Store.Segments;

/// <summary>
/// Writes Parquet files: under another name, flushed, and renamed when whole. Whoever calls registers the file then; a crash before
/// that leaves a file that the next start recognises and deletes.
/// </summary>
internal static class SegmentFile
{
    /// <summary>Writes what a statement selects.</summary>
    /// <param name="connection">The engine.</param>
    /// <param name="feedsFolder">The folder of all feeds.</param>
    /// <param name="relative">The file's path below it.</param>
    /// <param name="select">SELECT with the columns of the revision, in the order of positions.</param>
    /// <param name="revision">Number of the revision.</param>
    /// <param name="range">What the statement gives; the size is replaced.</param>
    /// <returns>The file as it is to be registered.</returns>
    /// <exception cref="IOException">The disk refuses; nothing is left.</exception>
    /// <exception cref="DuckDbException">The engine refuses; nothing is left.</exception>
    public static Segment Write(DuckDbConnection connection, string feedsFolder, string relative, string select, int revision, StoredRange range)
    {
        string path = Path.Combine(feedsFolder, relative);
        string unfinished = path + SegmentPath.Unfinished;
        string folder = Path.GetDirectoryName(path)!;
        try
        {
            CreateFolder(feedsFolder, folder);
            connection.Execute($"COPY ({select}) TO {Sql.Text(unfinished)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 20480, USE_TMP_FILE false)");
            FolderSync.File(unfinished);
            var segment = new Segment(0, revision, relative, range with { Bytes = new FileInfo(unfinished).Length, Since = 0 }, Checksum.OfFile(unfinished));
            File.Move(unfinished, path, overwrite: true);
            FolderSync.Folder(folder);
            return segment;
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    private static void CreateFolder(string feedsFolder, string folder)
    {
        if (Directory.Exists(folder))
            return;
        Directory.CreateDirectory(folder);
        FolderSync.Folder(Path.GetDirectoryName(folder)!);
        FolderSync.Folder(feedsFolder);
    }
}

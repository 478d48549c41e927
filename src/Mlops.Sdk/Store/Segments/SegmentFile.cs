using Mlops.Data;
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
    /// <summary>How many rows of a wide feed may become a file: of more the engine's table takes 256 KB a field.</summary>
    public const int VectorRows = 2_048;

    private const int BytesPerNumber = 96 * 1024;
    private const int JoinedBytesPerNumber = 192 * 1024;
    private const int BytesPerText = 512 * 1024;
    private const int WideBytes = 24 * 1024 * 1024;
    private const int MaxRowGroup = 20_480;
    private const int RowGroupBytes = 4 * 1024 * 1024;

    /// <summary>Writes what a statement selects.</summary>
    /// <param name="connection">The engine.</param>
    /// <param name="feedsFolder">The folder of all feeds.</param>
    /// <param name="relative">The file's path below it.</param>
    /// <param name="select">SELECT with the columns of the revision, in the order of positions.</param>
    /// <param name="revision">The revision.</param>
    /// <param name="range">What the statement gives; the size is replaced.</param>
    /// <returns>The file as it is to be registered.</returns>
    /// <exception cref="IOException">The disk refuses; nothing is left.</exception>
    /// <exception cref="DuckDbException">The engine refuses; nothing is left.</exception>
    public static Segment Write(DuckDbConnection connection, string feedsFolder, string relative, string select, FeedRevision revision, StoredRange range)
    {
        string path = Path.Combine(feedsFolder, relative);
        string unfinished = path + SegmentPath.Unfinished;
        string folder = Path.GetDirectoryName(path)!;
        try
        {
            CreateFolder(feedsFolder, folder);
            connection.Execute($"COPY ({select}) TO {Sql.Text(unfinished)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {RowGroupOf(revision)}, USE_TMP_FILE false)");
            FolderSync.File(unfinished);
            var segment = new Segment(0, revision.Number, relative, range with { Bytes = new FileInfo(unfinished).Length, Since = 0 }, Checksum.OfFile(unfinished));
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

    /// <summary>Returns how much memory of the engine's fields may take while a file is written, or read alone: vectors of 2,048 values, a page of the file, and for texts and lists a block.</summary>
    public static long BytesOf(IReadOnlyList<FeedField> fields) => fields.Sum(f => f.Type.HasOffsets() ? BytesPerText : (long)BytesPerNumber);

    /// <summary>Returns how much it may take while several files are read at once, of which one is made or all are given out.</summary>
    public static long JoinedBytesOf(IReadOnlyList<FeedField> fields) => fields.Sum(f => f.Type.HasOffsets() ? BytesPerText : (long)JoinedBytesPerNumber);

    /// <summary>Tells whether a revision has so many fields that its files are to have few rows.</summary>
    public static bool IsWide(FeedRevision revision) => JoinedBytesOf(revision.Schema.Fields) > WideBytes;

    /// <summary>Returns how many rows a row group has; it stands in memory as a whole before it is written.</summary>
    public static int RowGroupOf(FeedRevision revision) =>
        Math.Clamp(RowGroupBytes / (sizeof(long) * Math.Max(1, revision.Schema.Fields.Count)) / VectorRows * VectorRows, VectorRows, MaxRowGroup);

    private static void CreateFolder(string feedsFolder, string folder)
    {
        if (Directory.Exists(folder))
            return;
        Directory.CreateDirectory(folder);
        FolderSync.Folder(Path.GetDirectoryName(folder)!);
        FolderSync.Folder(feedsFolder);
    }
}

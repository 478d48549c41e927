using System.Globalization;
using Microsoft.Extensions.Logging;
using Mlops.Data;
using Mlops.Store.Catalog;
using Mlops.Store.CommitLog;

namespace Mlops.Store.Segments;

/// <summary>
/// Takes what cannot be read any more out of the way, so that the rest goes on, and says what it was: files go to the folder
/// <c>quarantine</c>, rows of the log to the table <c>set_aside</c>.
/// </summary>
internal sealed class SetAside(NodeDatabase database, string feedsFolder, Func<long, FeedEntry?> feedOf, TimeProvider time, ILogger logger)
{
    private const string Folder = "quarantine";

    private long Now => EpochTime.FromDateTimeOffset(time.GetUtcNow());

    /// <summary>Lists what is set aside now, oldest first.</summary>
    public IReadOnlyList<DamagedRecords> List() => database.Read(connection => connection.Rows(
        "SELECT s.first, s.last, s.count, s.reason, s.path, s.created, f.id FROM set_aside s JOIN feed f ON f.number = s.feed ORDER BY s.id",
        r => new DamagedRecords(r.GetString(6), r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), r.GetString(3), r.IsDBNull(4) ? null : r.GetString(4), EpochTime.ToDateTimeOffset(r.GetInt64(5)))));

    /// <summary>Moves a row of the log into the table <c>set_aside</c>.</summary>
    public async Task LogRowAsync(FeedEntry feed, long id, string reason)
    {
        StoredRange? range = await SegmentRows.ChangeAsync(database, feed, connection =>
        {
            StoredRange? row = connection.Rows("SELECT first, last, count FROM log WHERE id = $id AND feed = $feed", r => (StoredRange?)new StoredRange(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), 0, 0, 0), ("$id", id), ("$feed", feed.Number)).FirstOrDefault();
            connection.Run(
                "INSERT INTO set_aside (feed, revision, first, last, count, reason, data, created) SELECT feed, revision, first, last, count, $reason, data, $now FROM log WHERE id = $id AND feed = $feed",
                ("$id", id), ("$feed", feed.Number), ("$reason", reason), ("$now", Now));
            connection.Run("DELETE FROM log WHERE id = $id AND feed = $feed", ("$id", id), ("$feed", feed.Number));
            return row;
        }).ConfigureAwait(false);
        if (range is not { } gone)
            return;
        StoreInstruments.SetAside.Add(gone.Count);
        Log.LogRowSetAside(logger, feed.Id, gone.Count, gone.First, gone.Last, reason);
    }

    /// <summary>Looks whether a segment's file is as it was written, and takes it out of the way if not.</summary>
    /// <returns><see langword="true"/> when it was set aside.</returns>
    public async Task<bool> SegmentIfBrokenAsync(FeedEntry feed, Segment segment)
    {
        string path = Path.Combine(feedsFolder, segment.Path);
        if (FindFault(path, segment.Range.Bytes, segment.Checksum) is not { } reason)
            return false;
        string kept = $"{Folder}/{segment.Path}";
        bool removed = await SegmentRows.ChangeAsync(database, feed, connection =>
        {
            if (!SegmentRows.Delete(connection, segment.Id))
                return false;
            connection.Run(
                "INSERT INTO set_aside (feed, revision, first, last, count, min_time, max_time, bytes, checksum, reason, path, created) VALUES ($feed, $revision, $first, $last, $count, $min, $max, $bytes, $checksum, $reason, $path, $now)",
                ("$feed", feed.Number), ("$revision", segment.Revision), ("$first", segment.Range.First), ("$last", segment.Range.Last), ("$count", segment.Range.Count),
                ("$min", segment.Range.MinTime), ("$max", segment.Range.MaxTime), ("$bytes", segment.Range.Bytes), ("$checksum", (long)segment.Checksum),
                ("$reason", reason), ("$path", kept), ("$now", Now));
            return true;
        }).ConfigureAwait(false);
        if (removed)
        {
            if (File.Exists(path))
                Quarantine(path, Path.Combine(database.Folder, kept));
            StoreInstruments.SetAside.Add(segment.Range.Count);
            Log.SegmentSetAside(logger, feed.Id, segment.Range.Count, segment.Range.First, segment.Range.Last, kept, reason, segment.Path);
        }

        return true;
    }

    /// <summary>Registers a file again that was set aside, if somebody put it back whole.</summary>
    /// <returns><see langword="true"/> when it counts again; or was set aside by a move that a crash kept from happening, and is now moved.</returns>
    public async Task<bool> TryTakeBackAsync(string relative)
    {
        (long Id, long Feed, Segment Segment) found = database.Read(connection => connection.Rows(
            "SELECT id, feed, revision, first, last, count, min_time, max_time, bytes, checksum FROM set_aside WHERE path = $path AND checksum IS NOT NULL",
            r => (r.GetInt64(0), r.GetInt64(1), new Segment(0, r.GetInt32(2), relative, new StoredRange(r.GetInt64(3), r.GetInt64(4), r.GetInt64(5), r.GetInt64(6), r.GetInt64(7), r.GetInt64(8)), (uint)r.GetInt64(9))),
            ("$path", $"{Folder}/{relative}")).FirstOrDefault());
        if (found.Segment is null || feedOf(found.Feed) is not { } feed)
            return false;
        string path = Path.Combine(feedsFolder, relative);
        if (FindFault(path, found.Segment.Range.Bytes, found.Segment.Checksum) is not null)
        {
            Quarantine(path, Path.Combine(database.Folder, Folder, relative));
            return true;
        }

        // Its neighbours may have become one file meanwhile, which then reaches past it.
        feed.HasOverlaps = await SegmentRows.ChangeAsync(database, feed, connection =>
        {
            SegmentRows.Insert(connection, feed.Number, found.Segment);
            connection.Run("DELETE FROM set_aside WHERE id = $id", ("$id", found.Id));
            return FeedCatalogRows.HasOverlaps(connection, feed.Number);
        }).ConfigureAwait(false);
        File.Delete(Path.Combine(database.Folder, Folder, relative));
        Log.SegmentTakenBack(logger, feed.Id, found.Segment.Range.Count, relative);
        return true;
    }

    /// <summary>Deletes what is set aside of a feed.</summary>
    public async Task<IReadOnlyList<DamagedRecords>> ForgetAsync(FeedEntry feed, CancellationToken cancellationToken)
    {
        List<DamagedRecords> gone = [.. List().Where(d => d.Feed == feed.Id)];
        foreach (string path in gone.Select(d => d.Path).OfType<string>())
            File.Delete(Path.Combine(database.Folder, path));
        await database.WriteAsync(connection => connection.Run("DELETE FROM set_aside WHERE feed = $feed", ("$feed", feed.Number)), cancellationToken).ConfigureAwait(false);
        return gone;
    }

    /// <summary>Compares a file with what it should be.</summary>
    /// <returns>What is wrong, or <see langword="null"/>.</returns>
    public static string? FindFault(string path, long bytes, uint checksum)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
                return "the file is missing.";
            if (file.Length != bytes)
                return string.Create(CultureInfo.InvariantCulture, $"the file has {file.Length} bytes and should have {bytes}.");
            uint found = Checksum.OfFile(path);
            return found == checksum ? null : $"its checksum is {found:x8} and should be {checksum:x8}.";
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }

    private static void Quarantine(string path, string kept)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
        File.Move(path, kept, overwrite: true);
    }
}

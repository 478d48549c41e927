using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Mlops.Data;
using Mlops.Store.Catalog;
using Mlops.Store.CommitLog;

namespace Mlops.Store.Segments;

/// <summary>Takes what cannot be read any more out of the way, so that the rest goes on, and says what it was.</summary>
internal sealed class SetAside(NodeDatabase database, string feedsFolder, TimeProvider time, ILogger logger)
{
    private const string FileSuffix = ".broken";

    /// <summary>Moves a row of the log into the table <c>set_aside</c>.</summary>
    public async Task LogRowAsync(FeedEntry feed, long id, string reason)
    {
        StoredRange? range = await WriteAsync(feed, connection =>
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
        if (FindFault(path, segment) is not { } reason)
            return false;
        bool removed = await WriteAsync(feed, connection =>
        {
            if (connection.Run("DELETE FROM segment WHERE id = $id", ("$id", segment.Id)) == 0)
                return (StoredRange?)null;
            connection.Run(
                "INSERT INTO set_aside (feed, revision, first, last, count, reason, path, created) VALUES ($feed, $revision, $first, $last, $count, $reason, $path, $now)",
                ("$feed", feed.Number), ("$revision", segment.Revision), ("$first", segment.Range.First), ("$last", segment.Range.Last), ("$count", segment.Range.Count), ("$reason", reason), ("$path", segment.Path + FileSuffix), ("$now", Now));
            return segment.Range;
        }).ConfigureAwait(false) is not null;
        if (removed)
        {
            if (File.Exists(path))
                File.Move(path, path + FileSuffix, overwrite: true);
            StoreInstruments.SetAside.Add(segment.Range.Count);
            Log.SegmentSetAside(logger, feed.Id, segment.Range.Count, segment.Range.First, segment.Range.Last, segment.Path + FileSuffix, reason);
        }

        return true;
    }

    private long Now => EpochTime.FromDateTimeOffset(time.GetUtcNow());

    private static string? FindFault(string path, Segment segment)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
                return "the file is missing.";
            if (file.Length != segment.Range.Bytes)
                return $"the file has {file.Length} bytes and should have {segment.Range.Bytes}.";
            uint checksum = Checksum.OfFile(path);
            return checksum == segment.Checksum ? null : $"its checksum is {checksum:x8} and should be {segment.Checksum:x8}.";
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }

    private Task<StoredRange?> WriteAsync(FeedEntry feed, Func<SqliteConnection, StoredRange?> work)
    {
        StoredRange segments = default, log = default;
        return database.WriteAsync(
            connection =>
            {
                StoredRange? range = work(connection);
                segments = FeedCatalogRows.ReadSegments(connection, feed.Number);
                log = FeedCatalogRows.ReadLog(connection, feed.Number);
                return range;
            },
            _ => feed.Load(segments, log));
    }
}

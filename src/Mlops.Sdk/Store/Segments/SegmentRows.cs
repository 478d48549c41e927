using Microsoft.Data.Sqlite;
using Mlops.Store.Catalog;

namespace Mlops.Store.Segments;

/// <summary>The statements behind the list of Parquet files.</summary>
internal static class SegmentRows
{
    /// <summary>Registers a file.</summary>
    /// <returns>Its number.</returns>
    public static long Insert(SqliteConnection connection, long feed, Segment segment) => connection.Scalar<long>(
        "INSERT INTO segment (feed, revision, path, first, last, count, min_time, max_time, bytes, checksum) VALUES ($feed, $revision, $path, $first, $last, $count, $min, $max, $bytes, $checksum) RETURNING id",
        ("$feed", feed), ("$revision", segment.Revision), ("$path", segment.Path), ("$first", segment.Range.First), ("$last", segment.Range.Last), ("$count", segment.Range.Count),
        ("$min", segment.Range.MinTime), ("$max", segment.Range.MaxTime), ("$bytes", segment.Range.Bytes), ("$checksum", (long)segment.Checksum));

    /// <summary>Unregisters a file.</summary>
    /// <returns><see langword="false"/> when it was not registered any more.</returns>
    public static bool Delete(SqliteConnection connection, long id) => connection.Run("DELETE FROM segment WHERE id = $id", ("$id", id)) != 0;

    /// <summary>Returns a feed's files in the order of their positions.</summary>
    public static List<Segment> OfFeed(SqliteConnection connection, long feed)
    {
        using var rows = new SqliteStatement(connection, $"SELECT {Segment.Columns} FROM segment INDEXED BY segment_feed WHERE feed = ?1 ORDER BY first");
        rows.Bind(1, feed);
        var segments = new List<Segment>();
        while (rows.Step())
            segments.Add(Segment.Read(rows));
        return segments;
    }

    /// <summary>Returns all files with the numbers of their feeds, by path.</summary>
    public static Dictionary<string, (long Feed, Segment Segment)> All(SqliteConnection connection)
    {
        using var rows = new SqliteStatement(connection, $"SELECT {Segment.Columns}, feed FROM segment");
        var all = new Dictionary<string, (long, Segment)>(StringComparer.Ordinal);
        while (rows.Step())
        {
            Segment segment = Segment.Read(rows);
            all.Add(segment.Path, (rows.Int64(10), segment));
        }

        return all;
    }

    /// <summary>Changes which files a feed has, and what is known of it in memory with that.</summary>
    /// <param name="database">The catalog.</param>
    /// <param name="feed">The feed.</param>
    /// <param name="change">The change; runs in a transaction.</param>
    /// <returns>What the change returned, once it is durable.</returns>
    public static Task<T> ChangeAsync<T>(NodeDatabase database, FeedEntry feed, Func<SqliteConnection, T> change)
    {
        StoredRange segments = default, log = default;
        return database.WriteAsync(
            connection =>
            {
                T result = change(connection);
                segments = FeedCatalogRows.ReadSegments(connection, feed.Number);
                log = FeedCatalogRows.ReadLog(connection, feed.Number);
                return result;
            },
            _ => feed.Load(segments, log));
    }
}

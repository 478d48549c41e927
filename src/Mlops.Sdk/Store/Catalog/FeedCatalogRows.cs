using Microsoft.Data.Sqlite;
using Mlops.Data;

namespace Mlops.Store.Catalog;

/// <summary>The statements behind <see cref="FeedCatalog"/>.</summary>
internal static class FeedCatalogRows
{
    public static long Create(SqliteConnection connection, FeedRevision revision, long created)
    {
        FeedOrigin? origin = revision.Schema.Origin;
        long number = connection.Scalar<long>(
            "INSERT INTO feed (id, app, connection, collection, created) VALUES ($id, $app, $connection, $collection, $created) RETURNING number",
            ("$id", revision.Schema.Feed), ("$app", origin?.App), ("$connection", origin?.Connection), ("$collection", origin?.Collection), ("$created", created));
        Add(connection, number, revision);
        return number;
    }

    public static void Add(SqliteConnection connection, long feed, FeedRevision revision)
    {
        connection.Run(
            "INSERT INTO feed_schema (feed, revision, version, fields) VALUES ($feed, $revision, $version, $fields)",
            ("$feed", feed), ("$revision", revision.Number), ("$version", revision.Schema.Version), ("$fields", FieldRow.Write(revision)));
        if (revision.Schema.Origin is { } origin)
        {
            connection.Run(
                "UPDATE feed SET app = $app, connection = $connection, collection = $collection WHERE number = $feed",
                ("$feed", feed), ("$app", origin.App), ("$connection", origin.Connection), ("$collection", origin.Collection));
        }
    }

    public static List<FeedEntry> ReadFeeds(SqliteConnection connection)
    {
        var feeds = connection.Rows("SELECT number, id, app, connection, collection FROM feed", r => (
            Number: r.GetInt64(0), Id: r.GetString(1),
            Origin: r.IsDBNull(2) ? null : new FeedOrigin(r.GetString(2), r.GetString(3), r.GetString(4))));
        var schemas = connection.Rows("SELECT feed, revision, version, fields FROM feed_schema ORDER BY feed, revision", r => (
            Feed: r.GetInt64(0), Revision: r.GetInt32(1), Version: r.GetInt32(2), Fields: FieldRow.Read(r.GetString(3)))).ToLookup(s => s.Feed);
        Dictionary<long, StoredRange> segments = Ranges(connection, "SELECT feed, MIN(first), MAX(last), SUM(count), MIN(min_time), MAX(max_time), SUM(bytes), 0 FROM segment GROUP BY feed");
        Dictionary<long, StoredRange> logs = Ranges(connection, $"SELECT feed, {LogSums} FROM log GROUP BY feed");
        var entries = new List<FeedEntry>();
        foreach ((long number, string id, FeedOrigin? origin) in feeds)
        {
            var entry = new FeedEntry(number, schemas[number].Select(s => new FeedRevision(
                s.Revision, new FeedSchema(id, s.Fields.Select(f => f.ToField()), s.Version, origin), [.. s.Fields.Select(f => f.Column)], [.. s.Fields.Select(f => f.Key ?? f.Column)])));
            entry.Load(segments.GetValueOrDefault(number), logs.GetValueOrDefault(number));
            entry.HasOverlaps = HasOverlaps(connection, number);
            entries.Add(entry);
        }

        return entries;
    }

    /// <summary>Sums up what the log holds of a feed.</summary>
    public static StoredRange ReadLog(SqliteConnection connection, long feed) =>
        connection.Rows($"SELECT feed, {LogSums} FROM log WHERE feed = $feed GROUP BY feed", Range, ("$feed", feed)).Select(r => r.Range).FirstOrDefault();

    /// <summary>Sums up what the segments hold of a feed.</summary>
    public static StoredRange ReadSegments(SqliteConnection connection, long feed) =>
        connection.Rows("SELECT feed, MIN(first), MAX(last), SUM(count), MIN(min_time), MAX(max_time), SUM(bytes), 0 FROM segment WHERE feed = $feed GROUP BY feed", Range, ("$feed", feed))
            .Select(r => r.Range).FirstOrDefault();

    private const string LogSums = "MIN(first), MAX(last), SUM(count), MIN(min_time), MAX(max_time), SUM(length(data)), MIN(created)";

    /// <summary>Tells whether position ranges of a feed's stored parts overlap.</summary>
    public static bool HasOverlaps(SqliteConnection connection, long feed)
    {
        using var ranges = new SqliteStatement(connection, "SELECT first, last FROM (SELECT first, last FROM segment WHERE feed = ?1 UNION ALL SELECT first, last FROM log WHERE feed = ?1) ORDER BY first");
        ranges.Bind(1, feed);
        long last = long.MinValue;
        while (ranges.Step())
        {
            if (ranges.Int64(0) <= last)
            {
                ranges.Reset();
                return true;
            }

            last = ranges.Int64(1);
        }

        return false;
    }

    private static Dictionary<long, StoredRange> Ranges(SqliteConnection connection, string sql) => connection.Rows(sql, Range).ToDictionary(r => r.Feed, r => r.Range);

    private static (long Feed, StoredRange Range) Range(SqliteDataReader r) =>
        (r.GetInt64(0), new StoredRange(r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4), r.GetInt64(5), r.GetInt64(6), r.GetInt64(7)));
}

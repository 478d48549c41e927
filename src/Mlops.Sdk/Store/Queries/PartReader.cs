using Microsoft.Data.Sqlite;
using Mlops.Store.Catalog;
using Mlops.Store.Segments;

namespace Mlops.Store.Queries;

/// <summary>Finds, in one snapshot of the catalog, what follows of a feed in the direction of reading: Parquet files or rows of the log.</summary>
/// <param name="feed">The feed.</param>
/// <param name="bounds">What of it is still to be read.</param>
/// <param name="oneByOne">Whether files come alone.</param>
internal sealed class PartReader(FeedEntry feed, ScanBounds bounds, bool oneByOne = false)
{
    private const int MaxFiles = 64;
    private const long MaxFileRecords = 500_000;
    private const string LogColumns = "id, revision, first, last, count, min_time, max_time, checksum, data";
    private const string AllCondition = "WHERE feed = ?1 AND first >= ?2 AND first <= ?3 AND last > ?4 AND max_time >= ?5 AND min_time <= ?6 ORDER BY first";

    /// <summary>Returns the files that come next, as long as no row of the log comes between them.</summary>
    public List<Segment> Segments(SqliteConnection connection)
    {
        using var rows = new SqliteStatement(connection, $"SELECT {Segment.Columns} FROM segment {Condition("segment")} LIMIT {(oneByOne ? 1 : MaxFiles)}");
        Bind(rows, LowestFirst(connection, "segment"));
        var segments = new List<Segment>();
        long records = 0;
        while (rows.Step())
        {
            Segment segment = Segment.Read(rows);
            if (segments.Count > 0 && (segment.Revision != segments[0].Revision || records + segment.Range.Count > MaxFileRecords))
                break;
            segments.Add(segment);
            records += segment.Range.Count;
        }

        rows.Reset();
        if (segments.Count > 0 && First(connection, "log") is { } log)
            segments.RemoveAll(s => Precedes(log, s.Range.First));
        return segments;
    }

    /// <summary>Returns all files of the query.</summary>
    public List<Segment> AllSegments(SqliteConnection connection)
    {
        using var rows = new SqliteStatement(connection, $"SELECT {Segment.Columns} FROM segment {AllCondition}");
        Bind(rows, long.MinValue);
        var segments = new List<Segment>();
        while (rows.Step())
            segments.Add(Segment.Read(rows));
        return segments;
    }

    /// <summary>Goes through the rows of the log that come next, until a file follows or the visitor has enough.</summary>
    /// <param name="connection">The snapshot.</param>
    /// <param name="visit">Gets the row; returns <see langword="false"/> to leave it for the next time.</param>
    /// <returns>Whether a row was visited, and whether a file follows.</returns>
    public (bool Visited, bool FileFollows) Log(SqliteConnection connection, Func<SqliteStatement, StoredRange, bool> visit)
    {
        long? file = First(connection, "segment");
        using var rows = new SqliteStatement(connection, $"SELECT {LogColumns} FROM log {Condition("log")}");
        Bind(rows, LowestFirst(connection, "log"));
        bool visited = false;
        while (rows.Step())
        {
            StoredRange range = LogRange(rows);
            if ((file is { } other && Precedes(other, range.First)) || !visit(rows, range))
                break;
            visited = true;
        }

        rows.Reset();
        return (visited, file is not null);
    }

    /// <summary>Goes through all rows of the log that the query wants.</summary>
    public void AllLog(SqliteConnection connection, Action<SqliteStatement, StoredRange> visit)
    {
        using var rows = new SqliteStatement(connection, $"SELECT {LogColumns} FROM log {AllCondition}");
        Bind(rows, long.MinValue);
        while (rows.Step())
            visit(rows, LogRange(rows));
    }


    private string Condition(string table) =>
        $"INDEXED BY {table}_feed WHERE feed = ?1 AND first >= ?2 AND first <= ?3 AND last > ?4 AND max_time >= ?5 AND min_time <= ?6 ORDER BY first{(bounds.Descending ? " DESC" : "")}";

    private static StoredRange LogRange(SqliteStatement row) => new(row.Int64(2), row.Int64(3), row.Int64(4), row.Int64(5), row.Int64(6), 0);

    private void Bind(SqliteStatement rows, long lowestFirst) =>
        rows.Bind(1, feed.Number).Bind(2, lowestFirst).Bind(3, bounds.To).Bind(4, bounds.After).Bind(5, bounds.From).Bind(6, bounds.Until);

    // Parts do not overlap, so all before the one that holds the first wanted position end before it; this spares walking past them.
    private long LowestFirst(SqliteConnection connection, string table)
    {
        if (bounds.After <= 0)
            return long.MinValue;
        using var rows = new SqliteStatement(connection, $"SELECT first FROM {table} WHERE feed = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1");
        rows.Bind(1, feed.Number).Bind(2, bounds.After);
        long lowest = rows.Step() ? rows.Int64(0) : long.MinValue;
        rows.Reset();
        return lowest;
    }

    private long? First(SqliteConnection connection, string table)
    {
        using var rows = new SqliteStatement(connection, $"SELECT first FROM {table} {Condition(table)} LIMIT 1");
        Bind(rows, LowestFirst(connection, table));
        long? first = rows.Step() ? rows.Int64(0) : null;
        rows.Reset();
        return first;
    }

    private bool Precedes(long first, long other) => bounds.Descending ? first > other : first < other;
}

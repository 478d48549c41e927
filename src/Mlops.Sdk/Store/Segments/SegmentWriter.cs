using System.Globalization;
using Microsoft.Data.Sqlite;
using Mlops.Data;
using Mlops.DuckDb;
using Mlops.Store.Catalog;
using Mlops.Store.Charts;
using Mlops.Store.Queries;

namespace Mlops.Store.Segments;

/// <summary>
/// Turns the oldest rows of a feed's log into a Parquet file. The file is written under another name, flushed and renamed before the
/// transaction that registers it and drops the rows, so that at any moment of a crash every record is in exactly one valid place.
/// </summary>
internal sealed class SegmentWriter(NodeDatabase database, QueryEngine engine, SetAside setAside)
{
    /// <summary>Bounds how long the transaction that drops the rows keeps commits waiting.</summary>
    private const int MaxLogRows = 32_768;
    private const string Table = "part";

    /// <summary>Writes one file.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="maxBytes">How much of the log becomes one file.</param>
    /// <returns>The file, or <see langword="null"/> when nothing was left to write.</returns>
    /// <remarks>Never for one feed twice at a time: both would write the same file.</remarks>
    /// <exception cref="IOException">The disk refuses; the log is as it was.</exception>
    /// <exception cref="DuckDbException">The engine refuses; the log is as it was.</exception>
    public async Task<Segment?> WriteAsync(FeedEntry feed, long maxBytes)
    {
        using QuerySession session = engine.OpenToWrite(feed.Current.Schema.Fields);
        LogPart? part = null;
        LogRowDecoder? decoder = null;
        do
        {
            // Rows that cannot be read are set aside first; then the part no longer has them.
            part = database.Read(connection => Load(connection, session.Connection, feed, maxBytes, out decoder));
            if (decoder is null)
                return null;
        }
        while (await decoder.SetBrokenAsideAsync(setAside).ConfigureAwait(false));
        return part is null ? null : await RegisterAsync(feed, part, WriteFile(session.Connection, feed, part)).ConfigureAwait(false);
    }

    private static LogPart? Load(SqliteConnection connection, DuckDbConnection engine, FeedEntry feed, long maxBytes, out LogRowDecoder? decoder)
    {
        decoder = null;
        using var rows = new SqliteStatement(connection, "SELECT id, revision, first, last, count, min_time, max_time, checksum, data FROM log INDEXED BY log_feed WHERE feed = ?1 ORDER BY first");
        if (!rows.Bind(1, feed.Number).Step())
            return null;
        FeedRevision revision = feed.NewestThatHolds(feed.Revision((int)rows.Int64(1)));
        decoder = new LogRowDecoder(feed, revision);
        var builder = new RecordBatchBuilder(revision.Schema, 256);
        using var loader = new RecordLoader(engine, Table, revision);
        var summary = new RecordSummary(revision);
        long maxRecords = SegmentFile.IsWide(revision) ? SegmentFile.VectorRows : long.MaxValue;
        LogPart? part = null;
        do
        {
            // A file holds values in the type in which they came, also where readers see them in a wider one.
            if (!IsHeld(feed.Revision((int)rows.Int64(1)), revision))
                break;
            int bytes = rows.Blob(8).Length;
            if (part is not null && (part.Range.Bytes + bytes > maxBytes || part.Rows == MaxLogRows || part.Range.Count + rows.Int64(4) > maxRecords))
                break;
            if (!decoder.Decode(rows, builder))
                continue;
            using RecordBatch batch = builder.Build();
            loader.Append(batch);
            summary.Add(batch);
            var range = new StoredRange(rows.Int64(2), rows.Int64(3), rows.Int64(4), rows.Int64(5), rows.Int64(6), bytes);
            part = part is null
                ? new LogPart(range, 1, rows.Int64(0), revision, batch.Timestamps[0], summary)
                : part with { Range = part.Range.With(range), Rows = part.Rows + 1, LastId = Math.Max(part.LastId, rows.Int64(0)) };
        }
        while (rows.Step());
        rows.Reset();
        loader.Flush();
        return part;
    }

    private static bool IsHeld(FeedRevision row, FeedRevision file) => row.Schema.Version == file.Schema.Version && file.Holds(row);

    private Segment WriteFile(DuckDbConnection connection, FeedEntry feed, LogPart part)
    {
        string order = feed.HasOverlaps ? $" ORDER BY {ColumnNames.Position}" : "";
        Segment segment = SegmentFile.Write(
            connection, engine.FeedsFolder, SegmentPath.Of(feed, part.Range, part.FirstTime), $"SELECT * FROM {Table}{order}", part.Revision, part.Range);
        connection.Execute($"DROP TABLE {Table}");
        return segment;
    }

    private async Task<Segment> RegisterAsync(FeedEntry feed, LogPart part, Segment segment)
    {
        IReadOnlyList<(string Field, FieldSummary Summary)> summaries = part.Summary.Finish();
        try
        {
            await database.WriteAsync(
                connection =>
                {
                    SegmentSummaries.Insert(connection, SegmentRows.Insert(connection, feed.Number, segment), summaries);

                    // Younger rows of that range are of commits that came late; they become a file of their own.
                    int dropped = connection.Run(
                        "DELETE FROM log WHERE feed = $feed AND first BETWEEN $first AND $last AND id <= $id",
                        ("$feed", feed.Number), ("$first", part.Range.First), ("$last", part.Range.Last), ("$id", part.LastId));
                    if (dropped != part.Rows)
                        throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"Feed '{feed.Id}': {part.Rows} rows of the log became '{segment.Path}', but {dropped} would be dropped. The file is given up."));
                    return FeedCatalogRows.ReadLog(connection, feed.Number);
                },
                left => feed.MoveToSegments(segment.Range, left)).ConfigureAwait(false);
            return segment;
        }
        catch (Exception e) when (e is not IOException)
        {
            File.Delete(Path.Combine(engine.FeedsFolder, segment.Path));
            throw;
        }

        // When the disk refused, the file stays until the next attempt or sweep: a transaction whose flush failed may still turn out
        // to be durable after a crash, and then its file must be there.
    }

    /// <summary>Rows of the log that stand in the engine's table.</summary>
    private sealed record LogPart(StoredRange Range, int Rows, long LastId, FeedRevision Revision, long FirstTime, RecordSummary Summary);
}

using Microsoft.Data.Sqlite;
using Mlops.Data;
using Mlops.Store.Catalog;
using Mlops.Store.Segments;

namespace Mlops.Store.Charts;

/// <summary>
/// What charts need of Parquet files, kept in the catalog: made when a file is written, of the others' when several become one, and when a
/// chart first reads a file that has none. Fields go by the name that they have in all revisions.
/// </summary>
internal static class SegmentSummaries
{
    /// <summary>Files with more fields with numbers get summaries only of those that somebody looks at.</summary>
    private const int MaxFields = 256;

    public static bool IsNumber(FieldType type) => type is FieldType.Float64 or FieldType.Int64 or FieldType.UInt64 or FieldType.Boolean;

    /// <summary>Returns the fields that are summed up when a file of a revision is written.</summary>
    public static int[] FieldsOf(FeedRevision revision)
    {
        int[] fields = [.. Enumerable.Range(0, revision.Schema.Fields.Count).Where(i => IsNumber(revision.Schema.Fields[i].Type))];
        return fields.Length <= MaxFields ? fields : [];
    }

    public static FieldSummary? Read(SqliteStatement statement, long segment, string field)
    {
        FieldSummary? summary = statement.Bind(1, segment).Bind(2, field).Step() ? FieldSummary.Read(statement.Int64(0), statement.Blob(1)) : null;
        statement.Reset();
        return summary;
    }

    /// <summary>Prepares what <see cref="Read"/> takes.</summary>
    public static SqliteStatement Reading(SqliteConnection connection) =>
        new(connection, "SELECT width, data FROM segment_summary WHERE segment = ?1 AND field = ?2");

    /// <summary>Adds summaries of a file, unless it is gone or has them.</summary>
    public static void Insert(SqliteConnection connection, long segment, IEnumerable<(string Field, FieldSummary Summary)> summaries)
    {
        using var insert = new SqliteStatement(
            connection, "INSERT OR IGNORE INTO segment_summary (segment, field, width, data) SELECT id, ?2, ?3, ?4 FROM segment WHERE id = ?1");
        foreach ((string field, FieldSummary summary) in summaries)
            insert.Bind(1, segment).Bind(2, field).Bind(3, summary.Width).Bind(4, summary.Write()).Run();
    }

    /// <summary>Makes of the summaries of several files those of the file that they become.</summary>
    /// <returns>The fields of which every file has one, or no values because the field came later.</returns>
    public static List<(string Field, FieldSummary Summary)> Merge(SqliteConnection connection, FeedEntry feed, IReadOnlyList<Segment> segments, FeedRevision revision)
    {
        long rows = segments.Sum(s => s.Range.Count);
        var merged = new List<(string, FieldSummary)>();
        using SqliteStatement reading = Reading(connection);
        foreach (int field in FieldsOf(revision))
        {
            var builder = new SummaryBuilder();
            bool complete = true;
            foreach (Segment segment in segments)
            {
                if (Read(reading, segment.Id, revision.Keys[field]) is { } summary)
                    builder.Add(summary);
                else
                    complete &= feed.Revision(segment.Revision).IndexOfKey(revision.Keys[field]) < 0;
            }

            if (complete)
                merged.Add((revision.Keys[field], builder.Finish(rows)));
        }

        return merged;
    }
}

using Mlops.Data;
using Mlops.Store.Catalog;
using Mlops.Store.CommitLog;
using Mlops.Store.Segments;

namespace Mlops.Store.Queries;

/// <summary>Reads Parquet files of one schema revision as if they had been written under another.</summary>
internal static class SegmentSql
{
    public static string Select(string feedsFolder, IEnumerable<Segment> segments, SchemaMap map, FeedRevision target)
    {
        var sources = new string?[target.Schema.Fields.Count];
        for (int i = 0; i < map.Source.Schema.Fields.Count; i++)
        {
            if (map.TargetOf(i) is >= 0 and int index)
                sources[index] = Sql.Identifier(map.Source.Columns[i]);
        }

        IEnumerable<string> fields = target.Schema.Fields.Select((field, i) => $"{Source(sources[i], field.Type)} AS {Sql.Identifier(target.Columns[i])}");
        string files = string.Join(", ", segments.Select(s => Sql.Text(Path.Combine(feedsFolder, s.Path))));
        return $"SELECT {string.Join(", ", ColumnNames.System.Concat(fields))} FROM read_parquet([{files}])";
    }

    private static string Source(string? column, FieldType type) => $"CAST({column ?? "NULL"} AS {Sql.TypeOf(type)})";
}

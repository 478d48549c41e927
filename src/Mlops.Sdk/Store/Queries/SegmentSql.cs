using Mlops.Data;
using Mlops.Store.Catalog;
using Mlops.Store.CommitLog;
using Mlops.Store.Segments;

namespace Mlops.Store.Queries;

/// <summary>Reads Parquet files of one schema revision as if they had been written under another.</summary>
internal static class SegmentSql
{
    /// <param name="feedsFolder">Folder of the files.</param>
    /// <param name="segments">The files, all of the map's source.</param>
    /// <param name="map">Where their columns go.</param>
    /// <param name="target">The revision as which they are read.</param>
    /// <param name="pathColumn">Name of a further column with the path of each record's file; <see langword="null"/> for none.</param>
    public static string Select(string feedsFolder, IEnumerable<Segment> segments, SchemaMap map, FeedRevision target, string? pathColumn = null)
    {
        var sources = new string?[target.Schema.Fields.Count];
        for (int i = 0; i < map.Source.Schema.Fields.Count; i++)
        {
            if (map.TargetOf(i) is >= 0 and int index)
                sources[index] = Sql.Identifier(map.Source.Columns[i]);
        }

        IEnumerable<string> fields = target.Schema.Fields.Select((field, i) => $"{Source(sources[i], field.Type)} AS {Sql.Identifier(target.Columns[i])}");
        string files = string.Join(", ", segments.Select(s => Sql.Text(Path.Combine(feedsFolder, s.Path))));
        return pathColumn is null
            ? $"SELECT {string.Join(", ", ColumnNames.System.Concat(fields))} FROM read_parquet([{files}])"
            : $"SELECT {string.Join(", ", ColumnNames.System.Concat(fields))}, {Sql.Identifier(pathColumn)} FROM read_parquet([{files}], filename = {Sql.Text(pathColumn)})";
    }

    private static string Source(string? column, FieldType type) => $"CAST({column ?? "NULL"} AS {Sql.TypeOf(type)})";
}

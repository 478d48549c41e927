using System.Globalization;
using Mlops.Data;
using Mlops.Store.Catalog;

namespace Mlops.Store.Queries;

/// <summary>Pieces of DuckDB's SQL.</summary>
internal static class Sql
{
    public static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    public static string Instant(long nanoseconds) => string.Create(CultureInfo.InvariantCulture, $"make_timestamp_ns({nanoseconds})");

    public static string TypeOf(FieldType type) => type switch
    {
        FieldType.Boolean => "BOOLEAN",
        FieldType.Int64 => "BIGINT",
        FieldType.UInt64 => "UBIGINT",
        FieldType.Float64 => "DOUBLE",
        FieldType.Text => "VARCHAR",
        _ when type.IsList() => $"{TypeOf(type.Element())}[]",
        _ => "TIMESTAMP_NS",
    };

    /// <summary>Returns the columns of a table that holds records of a revision, with their types.</summary>
    public static string TableColumns(FeedRevision revision) => string.Join(", ", new[]
    {
        $"{ColumnNames.Position} BIGINT", $"{ColumnNames.Timestamp} TIMESTAMP_NS", $"{ColumnNames.Received} TIMESTAMP_NS",
        $"{ColumnNames.Quality} UTINYINT", $"{ColumnNames.Sequence} BIGINT", $"{ColumnNames.RecordSequence} BIGINT",
    }.Concat(revision.Schema.Fields.Zip(revision.Columns, (f, column) => $"{Identifier(column)} {TypeOf(f.Type)}")));

    /// <summary>Returns all columns of a revision, the system's first.</summary>
    public static string Columns(FeedRevision revision) =>
        string.Join(", ", ColumnNames.System.Concat(revision.Columns.Select(Identifier)));
}

using System.Globalization;
using Mlops.Data;
using Mlops.DuckDb;

namespace Mlops.Store.AdHoc;

/// <summary>Gives each column of a statement one of the types that batches have.</summary>
internal static class ResultColumns
{
    /// <summary>Finds the columns of a prepared result.</summary>
    /// <returns>The columns and, for each, SQL that casts the value <c>{0}</c>.</returns>
    public static IReadOnlyList<(SqlColumn Column, string Cast)> Of(DuckDbResult result)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var columns = new List<(SqlColumn, string)>();
        for (int c = 0; c < result.ColumnCount; c++)
        {
            string name = result.ColumnName(c);
            for (int i = 2; !names.Add(name); i++)
                name = string.Create(CultureInfo.InvariantCulture, $"{result.ColumnName(c)}_{i}");
            (FieldType type, string cast) = TypeOf(result.ColumnType(c));
            columns.Add((new SqlColumn(name, type), cast));
        }

        return columns;
    }

    private static (FieldType Type, string Cast) TypeOf(DuckDbType type) => type switch
    {
        DuckDbType.Boolean => (FieldType.Boolean, "{0}"),
        DuckDbType.BigInt => (FieldType.Int64, "{0}"),
        DuckDbType.TinyInt or DuckDbType.SmallInt or DuckDbType.Integer or DuckDbType.UTinyInt or DuckDbType.USmallInt or DuckDbType.UInteger or DuckDbType.HugeInt
            => (FieldType.Int64, "CAST({0} AS BIGINT)"),
        DuckDbType.UBigInt => (FieldType.UInt64, "{0}"),
        DuckDbType.UHugeInt => (FieldType.UInt64, "CAST({0} AS UBIGINT)"),
        DuckDbType.Double => (FieldType.Float64, "{0}"),
        DuckDbType.Float or DuckDbType.Decimal => (FieldType.Float64, "CAST({0} AS DOUBLE)"),
        DuckDbType.TimestampNanoseconds => (FieldType.Timestamp, "{0}"),
        DuckDbType.Timestamp or DuckDbType.TimestampMilliseconds or DuckDbType.TimestampSeconds => (FieldType.Timestamp, "CAST({0} AS TIMESTAMP_NS)"),
        DuckDbType.TimestampTz => (FieldType.Timestamp, "CAST(CAST({0} AS TIMESTAMP) AS TIMESTAMP_NS)"),
        DuckDbType.Varchar => (FieldType.Text, "{0}"),
        DuckDbType.Blob => (FieldType.Text, "to_base64({0})"),
        DuckDbType.List or DuckDbType.Array or DuckDbType.Struct or DuckDbType.Map or DuckDbType.Union => (FieldType.Text, "CAST(to_json({0}) AS VARCHAR)"),
        _ => (FieldType.Text, "CAST({0} AS VARCHAR)"),
    };
}

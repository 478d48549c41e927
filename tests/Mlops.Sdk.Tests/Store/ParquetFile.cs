using Mlops.DuckDb;

namespace Mlops.Tests.Store;

/// <summary>What any other tool sees in Parquet files: read with a DuckDB of its own that knows nothing of the store.</summary>
internal sealed class ParquetFile
{
    private readonly List<object?[]> _rows = [];

    private ParquetFile(DuckDbResult result)
    {
        Names = [.. Enumerable.Range(0, result.ColumnCount).Select(result.ColumnName)];
        Types = [.. Enumerable.Range(0, result.ColumnCount).Select(result.ColumnType)];
        while (result.NextChunk() is { } chunk)
        {
            for (int row = 0; row < chunk.RowCount; row++)
                _rows.Add([.. Enumerable.Range(0, chunk.ColumnCount).Select(c => Value(chunk[c], row))]);
        }
    }

    public IReadOnlyList<string> Names { get; }

    public IReadOnlyList<DuckDbType> Types { get; }

    public IReadOnlyList<object?[]> Rows => _rows;

    public object?[] Column(string name) => [.. _rows.Select(r => r[Names.ToList().IndexOf(name)])];

    /// <summary>Reads a file, or all that a pattern matches.</summary>
    public static ParquetFile Read(string pattern) => Query($"SELECT * FROM read_parquet('{pattern.Replace("'", "''", StringComparison.Ordinal)}', union_by_name = true) ORDER BY _position");

    public static ParquetFile Query(string sql)
    {
        using DuckDbDatabase database = DuckDbDatabase.OpenInMemory(new DuckDbOptions { AllowExternalFiles = true, Threads = 1 });
        using DuckDbConnection connection = database.Connect();
        using DuckDbResult result = connection.Query(sql);
        return new ParquetFile(result);
    }

    private static object? Value(DuckDbVector vector, int row) => !vector.IsValid(row) ? null : vector.Type switch
    {
        DuckDbType.Varchar => vector.GetString(row),
        DuckDbType.Double => vector.Values<double>()[row],
        DuckDbType.Boolean => vector.Values<byte>()[row] != 0,
        DuckDbType.UBigInt => vector.Values<ulong>()[row],
        DuckDbType.TimestampNanoseconds => vector.GetUnixNanoseconds(row),
        _ => vector.GetInt64(row),
    };
}

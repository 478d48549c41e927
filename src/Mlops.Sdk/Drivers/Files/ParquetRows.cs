using System.Globalization;
using Mlops.Data;
using Mlops.DuckDb;

namespace Mlops.Drivers.Files;

/// <summary>Reads the rows of a Parquet file, in their order.</summary>
internal static class ParquetRows
{
    private const long Memory = 128 << 20;

    /// <exception cref="InvalidDataException">The file is not Parquet, or not complete yet.</exception>
    public static IEnumerable<RecordRow> Read(string path, long skip, CancellationToken stop)
    {
        var options = new DuckDbOptions { MemoryLimitBytes = Memory, Threads = 1 };
        options.AllowedFolders.Add(Path.GetDirectoryName(path)!);
        using DuckDbDatabase database = DuckDbDatabase.OpenInMemory(options);
        using DuckDbConnection connection = database.Connect();

        // A name in brackets is no pattern: * and ? and [ stand for themselves.
        string literal = string.Concat(path.Select(c => c is '*' or '?' or '[' ? $"[{c}]" : c.ToString())).Replace("'", "''", StringComparison.Ordinal);
        DuckDbResult result;
        try
        {
            result = connection.Query(string.Create(CultureInfo.InvariantCulture, $"SELECT * FROM read_parquet('{literal}', hive_partitioning = false) OFFSET {skip}"), stop);
        }
        catch (DuckDbException e)
        {
            throw new InvalidDataException($"it is not Parquet, or not complete yet: {e.Message}", e);
        }

        using (result)
        {
            long row = skip;
            while (result.NextChunk() is { } chunk)
            {
                for (int i = 0; i < chunk.RowCount; i++)
                {
                    var values = new KeyValuePair<string, object?>[chunk.ColumnCount];
                    for (int c = 0; c < values.Length; c++)
                        values[c] = new KeyValuePair<string, object?>(result.ColumnName(c), Value(chunk[c], i));
                    yield return new RecordRow(row++, values);
                }
            }
        }
    }

    private static object? Value(DuckDbVector column, int row) => !column.IsValid(row) ? null : column.Type switch
    {
        DuckDbType.Boolean => column.GetDouble(row) != 0,
        DuckDbType.TinyInt or DuckDbType.SmallInt or DuckDbType.Integer or DuckDbType.BigInt
            or DuckDbType.UTinyInt or DuckDbType.USmallInt or DuckDbType.UInteger => column.GetInt64(row),
        DuckDbType.UBigInt => (ulong)column.GetInt128(row),
        DuckDbType.Float or DuckDbType.Double or DuckDbType.Decimal or DuckDbType.HugeInt or DuckDbType.UHugeInt => column.GetDouble(row),
        DuckDbType.Varchar => column.GetString(row),
        DuckDbType.Timestamp or DuckDbType.TimestampTz or DuckDbType.TimestampNanoseconds or DuckDbType.TimestampMilliseconds
            or DuckDbType.TimestampSeconds or DuckDbType.Date => EpochTime.ToDateTimeOffset(column.GetUnixNanoseconds(row)),

        // Lists, structures and the like have no column of their own.
        _ => null,
    };
}

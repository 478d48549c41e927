namespace Mlops.DuckDb.Tests;

/// <summary>Short ways to ask one thing of a connection.</summary>
internal static class Sql
{
    /// <summary>What a test wants to know of one column of the whole result.</summary>
    public delegate T Reading<out T>(DuckDbVector column, int row);

    public static List<T> Column<T>(this DuckDbConnection connection, string sql, Reading<T> read, int column = 0)
    {
        using var result = connection.Query(sql);
        return result.Column(read, column);
    }

    public static List<T> Column<T>(this DuckDbResult result, Reading<T> read, int column = 0)
    {
        var values = new List<T>();
        while (result.NextChunk() is { } chunk)
        {
            var vector = chunk[column];
            for (var row = 0; row < chunk.RowCount; row++) values.Add(read(vector, row));
        }

        return values;
    }

    public static long Int64(this DuckDbConnection connection, string sql) =>
        connection.Column(sql, static (column, row) => column.GetInt64(row)).ShouldHaveSingleItem();

    public static long Int64(this DuckDbResult result) =>
        result.Column(static (column, row) => column.GetInt64(row)).ShouldHaveSingleItem();

    public static string? Text(this DuckDbConnection connection, string sql) =>
        connection.Column(sql, static (column, row) => column.GetString(row)).ShouldHaveSingleItem();
}

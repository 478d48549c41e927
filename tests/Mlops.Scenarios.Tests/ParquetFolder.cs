using Mlops.DuckDb;

namespace Mlops.Scenarios.Tests;

/// <summary>Reads a node's Parquet files the way any other tool would.</summary>
internal static class ParquetFolder
{
    /// <summary>Returns a column of whole numbers of a feed, in the order of positions.</summary>
    public static List<long> ReadNumbers(string data, string feed, string column)
    {
        string pattern = Path.Combine(data, "feeds", feed, "**", "*.parquet").Replace("'", "''", StringComparison.Ordinal);
        using DuckDbDatabase database = DuckDbDatabase.OpenInMemory(new DuckDbOptions { AllowExternalFiles = true });
        using DuckDbConnection connection = database.Connect();
        using DuckDbResult result = connection.Query($"SELECT \"{column}\"::BIGINT FROM read_parquet('{pattern}', union_by_name = true) ORDER BY _position", CancellationToken.None);
        var numbers = new List<long>();
        while (result.NextChunk() is { } chunk)
            numbers.AddRange(chunk[0].Values<long>());

        return numbers;
    }
}

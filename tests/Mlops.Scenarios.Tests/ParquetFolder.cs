using Mlops.DuckDb;

namespace Mlops.Scenarios.Tests;

/// <summary>Reads a node's Parquet files the way any other tool would.</summary>
internal static class ParquetFolder
{
    /// <summary>Returns a column of whole numbers of a feed, or of all with "*", in the order of positions.</summary>
    public static List<long> ReadNumbers(string data, string feed, string column)
    {
        return Numbers($"SELECT \"{column}\"::BIGINT FROM read_parquet('{Pattern(Path.Combine(data, "feeds", feed))}', union_by_name = true) ORDER BY _position");
    }

    /// <summary>Returns the values of a feed that has a record for each, of data points p0, p1 …: by the number of their message, then of their point.</summary>
    public static List<(int Message, int Point, double Value)> ReadPoints(string data, string feed)
    {
        var points = new List<(int, int, double)>();
        Read($"SELECT _seq - 1, substr(point, 2)::BIGINT, float64 FROM read_parquet('{Pattern(Path.Combine(data, "feeds", feed))}', union_by_name = true)", chunk =>
        {
            for (int row = 0; row < chunk.RowCount; row++)
                points.Add(((int)chunk[0].Values<long>()[row], (int)chunk[1].Values<long>()[row], chunk[2].Values<double>()[row]));
        });
        points.Sort();
        return points;
    }

    /// <summary>Lists the feeds whose files have a column.</summary>
    public static List<string> FeedsWith(string data, string column) =>
    [
        .. Directory.GetDirectories(Path.Combine(data, "feeds"))
            .Where(folder => Directory.EnumerateFiles(folder, "*.parquet", SearchOption.AllDirectories).Any())
            .Where(folder => Numbers($"SELECT count(*) FROM parquet_schema('{Pattern(folder)}') WHERE name = '{column}'")[0] > 0)
            .Select(folder => Path.GetFileName(folder)),
    ];

    /// <summary>Counts, for the answers in a feed of predictions, the records between the first and the last answered one that have no answer, and the answers beyond one a record.</summary>
    public static (long Answers, long Unanswered, long Repeated) Answered(string data, string predictions)
    {
        string answers = $"(SELECT source_row, source_feed FROM read_parquet('{Pattern(Path.Combine(data, "feeds", predictions))}', union_by_name = true))";
        long unanswered = 0;
        foreach (string feed in Directory.GetDirectories(Path.Combine(data, "feeds")).Select(folder => Path.GetFileName(folder)))
        {
            if (Numbers($"SELECT count(*) FROM {answers} WHERE source_feed = '{feed}'")[0] == 0)
                continue;
            unanswered += Numbers($"""
                WITH answered AS (SELECT source_row FROM {answers} WHERE source_feed = '{feed}')
                SELECT count(*) FROM read_parquet('{Pattern(Path.Combine(data, "feeds", feed))}', union_by_name = true)
                WHERE _position >= (SELECT min(source_row) FROM answered) AND _position <= (SELECT max(source_row) FROM answered)
                    AND _position NOT IN (SELECT source_row FROM answered)
                """)[0];
        }

        return (Numbers($"SELECT count(*) FROM {answers}")[0], unanswered, Numbers($"SELECT count(*) - count(DISTINCT source_row) FROM {answers}")[0]);
    }

    private static string Pattern(string folder) => Path.Combine(folder, "**", "*.parquet").Replace("'", "''", StringComparison.Ordinal);

    private static List<long> Numbers(string sql)
    {
        var numbers = new List<long>();
        Read(sql, chunk => numbers.AddRange(chunk[0].Values<long>()));
        return numbers;
    }

    private static void Read(string sql, Action<DuckDbChunk> take)
    {
        using DuckDbDatabase database = DuckDbDatabase.OpenInMemory(new DuckDbOptions { AllowExternalFiles = true });
        using DuckDbConnection connection = database.Connect();
        using DuckDbResult result = connection.Query(sql, CancellationToken.None);
        while (result.NextChunk() is { } chunk)
            take(chunk);
    }
}

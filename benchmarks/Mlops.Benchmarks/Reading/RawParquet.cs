using System.Diagnostics;
using System.Globalization;
using Mlops.DuckDb;

namespace Mlops.Benchmarks.Reading;

/// <summary>The same Parquet files read with plain SQL, through our binding of DuckDB: what the engine alone takes.</summary>
internal sealed class RawParquet : IDisposable
{
    private readonly DuckDbDatabase _database = DuckDbDatabase.OpenInMemory(new DuckDbOptions { AllowExternalFiles = true, Threads = Math.Min(2, Environment.ProcessorCount) });
    private readonly DuckDbConnection _connection;
    private readonly string _source;
    private readonly double[] _column = new double[1_100_000];

    public RawParquet(IEnumerable<string> files)
    {
        _connection = _database.Connect();
        _source = $"read_parquet([{string.Join(", ", files.Select(f => $"'{f.Replace("'", "''", StringComparison.Ordinal)}'"))}])";
    }

    /// <summary>Runs what <see cref="ReadingNode"/> is asked.</summary>
    /// <returns>Milliseconds, and how many rows came.</returns>
    public (double Milliseconds, long Rows) Answer(string question, params long[] numbers)
    {
        long started = Stopwatch.GetTimestamp();
        string range = numbers.Length > 1 ? string.Create(CultureInfo.InvariantCulture, $"WHERE _timestamp >= make_timestamp_ns({numbers[0]}) AND _timestamp < make_timestamp_ns({numbers[1]})") : "";
        string sql = question switch
        {
            "last" => string.Create(CultureInfo.InvariantCulture, $"SELECT * FROM {_source} ORDER BY _position DESC LIMIT {numbers[0]}"),
            "chart" => string.Create(CultureInfo.InvariantCulture, $"SELECT epoch_ns(_timestamp) // {numbers[2]}, count(value{numbers[3]}), min(value{numbers[3]}), max(value{numbers[3]}), avg(value{numbers[3]}) FROM {_source} {range} GROUP BY 1"),
            _ => $"SELECT {string.Join(", ", Enumerable.Range(0, ReadingNode.Columns).Select(i => $"value{i}"))} FROM {_source} {range}",
        };
        int rows = 0;
        using DuckDbResult result = _connection.Query(sql, CancellationToken.None);
        while (result.NextChunk() is { } chunk)
        {
            for (int c = 0; question == "select" && c < ReadingNode.Columns; c++)
                chunk[c].Values<double>().CopyTo(_column.AsSpan(rows));
            rows += chunk.RowCount;
        }

        return (Stopwatch.GetElapsedTime(started).TotalMilliseconds, rows);
    }

    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
    }
}

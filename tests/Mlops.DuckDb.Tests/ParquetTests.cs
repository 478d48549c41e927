namespace Mlops.DuckDb.Tests;

public sealed class ParquetTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly DuckDbDatabase _database;
    private readonly DuckDbConnection _connection;

    public ParquetTests()
    {
        var options = new DuckDbOptions { Threads = 2, TempFolder = _temp.File("spill") };
        options.AllowedFolders.Add(_temp.Path);
        _database = DuckDbDatabase.OpenInMemory(options);
        _connection = _database.Connect();
    }

    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
        _temp.Dispose();
    }

    [Fact]
    public void Copy_EveryColumnTypeToParquet_ReadsBackTheSame()
    {
        _connection.Execute(
            """
            CREATE TABLE t AS SELECT
              make_timestamp_ns(1700000000000000000 + range * 1000001) AS ts,
              CASE WHEN range % 7 = 0 THEN NULL ELSE range / 3.0 END AS d, range::FLOAT AS f, range AS i, range % 2 = 0 AS b,
              CASE WHEN range % 5 = 0 THEN NULL ELSE 'grüße ' || range END AS s, ('x' || range)::BLOB AS bytes, [range::DOUBLE, NULL] AS l
            FROM range(10000)
            """);
        var file = _temp.File("t.parquet");
        _connection.Execute($"COPY t TO '{file}' (FORMAT parquet, COMPRESSION zstd)").ShouldBe(10_000);
        _connection.Int64($"SELECT count(*) FROM (SELECT * FROM t EXCEPT ALL SELECT * FROM read_parquet('{file}'))").ShouldBe(0);
        using var result = _connection.Query($"SELECT * FROM read_parquet('{file}')");
        Enumerable.Range(0, 8).Select(result.ColumnType).ShouldBe(
            [DuckDbType.TimestampNanoseconds, DuckDbType.Double, DuckDbType.Float, DuckDbType.BigInt, DuckDbType.Boolean, DuckDbType.Varchar, DuckDbType.Blob, DuckDbType.List]);
        var row = 0L;
        while (result.NextChunk() is { } chunk)
        {
            var times = chunk[0].Values<long>();
            var doubles = chunk[1];
            var texts = chunk[5];
            var lists = chunk[7];
            for (var i = 0; i < chunk.RowCount; i++, row++)
            {
                times[i].ShouldBe(1_700_000_000_000_000_000 + row * 1_000_001);
                doubles.GetDouble(i).ShouldBe(row % 7 == 0 ? double.NaN : row / 3.0);
                texts.GetString(i).ShouldBe(row % 5 == 0 ? null : $"grüße {row}");
                lists.ElementsOf(i).Length.ShouldBe(2);
            }
        }

        row.ShouldBe(10_000);
    }

    [Fact]
    public void ReadParquet_FilesAsParameter_ReadsThemAll()
    {
        string[] files = [_temp.File("a'b.parquet"), _temp.File("c.parquet")];
        foreach (var file in files)
            _connection.Execute($"COPY (SELECT range FROM range(100)) TO '{file.Replace("'", "''", StringComparison.Ordinal)}'");
        using var statement = _connection.Prepare("SELECT count(*) FROM read_parquet($files) WHERE range >= $least");
        statement.BindList("files", files);
        statement.Bind("least", 90);
        using var result = statement.Query();
        result.Int64().ShouldBe(20);
    }

    [Fact]
    public void ReadParquet_BrokenFile_NamesIt()
    {
        File.WriteAllText(_temp.File("broken.parquet"), "not a parquet file at all");
        Should.Throw<DuckDbException>(() => _connection.Query($"SELECT * FROM read_parquet('{_temp.File("broken.parquet")}')")).Message.ShouldContain("broken.parquet");
        Should.Throw<DuckDbException>(() => _connection.Query($"SELECT * FROM read_parquet('{_temp.File("absent.parquet")}')")).Message.ShouldContain("absent.parquet");
    }
}

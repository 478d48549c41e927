namespace Mlops.DuckDb.Tests;

public sealed class DuckDbResultTests : IDisposable
{
    private readonly DuckDbDatabase _database = DuckDbDatabase.OpenInMemory(new DuckDbOptions { MemoryLimitBytes = 64 << 20, Threads = 2 });
    private readonly DuckDbConnection _connection;

    public DuckDbResultTests() => _connection = _database.Connect();

    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
    }

    [Fact]
    public void Columns_OfAQuery_HaveNamesAndTypes()
    {
        using var result = _connection.Query("SELECT 1 AS \"größe\", [1.5::FLOAT] AS l, 'x' AS t, 1.25::DECIMAL(9,2) AS d, [1, 2]::BIGINT[2] AS a");
        result.ColumnCount.ShouldBe(5);
        Enumerable.Range(0, 5).Select(result.ColumnName).ShouldBe(["größe", "l", "t", "d", "a"]);
        Enumerable.Range(0, 5).Select(result.ColumnType).ShouldBe([DuckDbType.Integer, DuckDbType.List, DuckDbType.Varchar, DuckDbType.Decimal, DuckDbType.Array]);
        result.ElementType(1).ShouldBe(DuckDbType.Float);
        result.ElementType(4).ShouldBe(DuckDbType.BigInt);
        result.ElementType(0).ShouldBe(DuckDbType.Invalid);
        Should.Throw<IndexOutOfRangeException>(() => result.ColumnName(5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2047)]
    [InlineData(2048)]
    [InlineData(2049)]
    [InlineData(500_000)]
    public void NextChunk_AnyNumberOfRows_GivesEachOnceInOrder(int rows)
    {
        using var result = _connection.Query($"SELECT range FROM range({rows})");
        var seen = 0L;
        while (result.NextChunk() is { } chunk)
        {
            chunk.RowCount.ShouldBeInRange(1, 2048);
            foreach (var value in chunk[0].Values<long>()) if (value != seen++) Assert.Fail($"row {seen - 1} holds {value}");
        }

        seen.ShouldBe(rows);
        result.NextChunk().ShouldBeNull();
    }

    [Fact]
    public void NextChunk_ResultLargerThanTheMemoryLimit_StreamsThrough()
    {
        // 8 M rows x 24 bytes are three times the limit; there is no folder to spill to.
        using var result = _connection.Query("SELECT range AS a, range * 2 AS b, range * 3 AS c FROM range(8000000)");
        var rows = 0L;
        while (result.NextChunk() is { } chunk) rows += chunk.RowCount;
        rows.ShouldBe(8_000_000);
    }

    // Of the engine's threads, one fails and interrupts the others; once in about a hundred times it is their interrupt that is told.
    // That nobody asked for it must show: a caller would take a cancellation for its own.
    [Fact]
    public void NextChunk_ErrorOnTheWay_ThrowsWithTheStatementAndFreesTheConnection()
    {
        const string Sql = "SELECT CASE WHEN range >= 300000 THEN ('x' || range)::INTEGER ELSE 0 END FROM range(300001)";
        var types = new HashSet<string>();
        for (var i = 0; i < 100; i++)
        {
            using var result = _connection.Query(Sql);
            var error = Should.Throw<DuckDbException>(() =>
            {
                while (result.NextChunk() is not null)
                {
                }
            });
            types.Add(error.ErrorType);
            error.Statement.ShouldBe(Sql);
            _connection.Int64("SELECT 1").ShouldBe(1);
        }

        types.ShouldBeSubsetOf(["Conversion", "INTERRUPT"]);
        types.ShouldContain("Conversion");
    }

    [Fact]
    public void NextChunk_ReadToTheEnd_FreesTheConnectionBeforeDispose()
    {
        using var result = _connection.Query("SELECT 1");
        while (result.NextChunk() is not null)
        {
        }

        _connection.Int64("SELECT 2").ShouldBe(2);
    }

    [Fact]
    public void Chunk_AfterTheNextWasRead_IsDisposed()
    {
        using var result = _connection.Query("SELECT range FROM range(5000)");
        var first = result.NextChunk().ShouldNotBeNull();
        result.NextChunk().ShouldNotBeNull();
        Should.Throw<ObjectDisposedException>(() => first[0].Length);
    }

    [Fact]
    public void NextChunk_DisposedResult_Throws()
    {
        var result = _connection.Query("SELECT 1");
        var chunk = result.NextChunk().ShouldNotBeNull();
        result.Dispose();
        result.Dispose();
        Should.Throw<ObjectDisposedException>(() => result.NextChunk());
        Should.Throw<ObjectDisposedException>(() => chunk[0].Length);
    }

    [Fact]
    public void NextChunk_ManyRows_AllocatesPerChunkNotPerValue()
    {
        _connection.Execute("CREATE TABLE t AS SELECT range::DOUBLE AS a, range::DOUBLE AS b FROM range(200000)");
        long Read()
        {
            using var result = _connection.Query("SELECT * FROM t");
            var before = GC.GetAllocatedBytesForCurrentThread();
            var sum = 0d;
            while (result.NextChunk() is { } chunk)
                for (var column = 0; column < 2; column++)
                    foreach (var value in chunk[column].Values<double>()) sum += value;
            sum.ShouldBe(200_000d * 199_999d);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Read();
        Read().ShouldBeLessThan(100 * 400);
    }
}

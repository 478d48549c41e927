using System.Text;

namespace Mlops.DuckDb.Tests;

public sealed class DuckDbAppenderTests : IDisposable
{
    private readonly DuckDbDatabase _database = DuckDbDatabase.OpenInMemory(new DuckDbOptions { Threads = 2 });
    private readonly DuckDbConnection _connection;

    public DuckDbAppenderTests() => _connection = _database.Connect();

    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
    }

    [Fact]
    public void AppendChunk_FixedWidthOfEveryType_RoundTripsExtremes()
    {
        RoundTrip("BOOLEAN", true, false);
        RoundTrip("TINYINT", sbyte.MinValue, sbyte.MaxValue);
        RoundTrip("SMALLINT", short.MinValue, short.MaxValue);
        RoundTrip("INTEGER", int.MinValue, int.MaxValue);
        RoundTrip("BIGINT", long.MinValue, long.MaxValue);
        RoundTrip("HUGEINT", Int128.MinValue, Int128.MaxValue);
        RoundTrip("UTINYINT", byte.MinValue, byte.MaxValue);
        RoundTrip("USMALLINT", ushort.MinValue, ushort.MaxValue);
        RoundTrip("UINTEGER", uint.MinValue, uint.MaxValue);
        RoundTrip("UBIGINT", ulong.MinValue, ulong.MaxValue);
        RoundTrip("UHUGEINT", UInt128.MinValue, UInt128.MaxValue);
        RoundTrip("FLOAT", float.NaN, float.MinValue, float.Epsilon, float.NegativeInfinity);
        RoundTrip("DOUBLE", double.NaN, double.MinValue, double.Epsilon, double.PositiveInfinity);
        RoundTrip("TIMESTAMP_NS", -1L, 1_700_000_000_123_456_789L);
        RoundTrip("TIMESTAMP", -1L, 1_700_000_000_123_456L);
        RoundTrip("DATE", -1, 20_000);
        RoundTrip("DECIMAL(18,4)", -12_345L, 99_999L);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2048)]
    [InlineData(500_001)]
    public void AppendChunk_AnyNumberOfRows_ArriveInOrder(int rows)
    {
        _connection.Execute("CREATE TABLE t (i BIGINT, d DOUBLE)");
        using (var appender = _connection.CreateAppender("t"))
        {
            appender.ChunkCapacity.ShouldBe(2048);
            for (var from = 0; from < rows || from == 0; from += appender.ChunkCapacity)
            {
                var count = Math.Min(appender.ChunkCapacity, rows - from);
                var numbers = appender.Column<long>(0);
                var doubles = appender.Column<double>(1);
                for (var i = 0; i < count; i++) (numbers[i], doubles[i]) = (from + i, (from + i) / 4.0);
                appender.AppendChunk(count);
            }

            appender.Flush();
        }

        _connection.Int64("SELECT count(*) FROM t").ShouldBe(rows);
        _connection.Int64("SELECT count(*) FROM t WHERE i = rowid AND d = i / 4.0").ShouldBe(rows);
    }

    [Fact]
    public void Validity_BitsCleared_AreNullAndTheNextChunkStartsFull()
    {
        _connection.Execute("CREATE TABLE t (i INTEGER, s VARCHAR)");
        using (var appender = _connection.CreateAppender("t"))
        {
            for (var chunk = 0; chunk < 2; chunk++)
            {
                var numbers = appender.Column<int>(0);
                for (var i = 0; i < 100; i++)
                {
                    numbers[i] = chunk * 100 + i;
                    appender.SetText(1, i, i % 10 == 0 ? null : "x");
                }

                if (chunk == 0)
                {
                    var validity = appender.Validity(0);
                    validity.Length.ShouldBe(32);
                    validity[1] = 0;
                    appender.SetNull(0, 3);
                }

                appender.AppendChunk(100);
            }

            appender.Flush();
        }

        _connection.Int64("SELECT count(*) FROM t WHERE i IS NULL").ShouldBe(37);
        _connection.Int64("SELECT count(*) FROM t WHERE i IS NULL AND (rowid = 3 OR rowid BETWEEN 64 AND 99)").ShouldBe(37);
        _connection.Int64("SELECT count(*) FROM t WHERE s IS NULL AND rowid % 10 = 0").ShouldBe(20);
        _connection.Int64("SELECT count(*) FROM t WHERE s = 'x'").ShouldBe(180);
    }

    [Fact]
    public void SetText_EveryLengthAcrossChunks_RoundTrips()
    {
        _connection.Execute("CREATE TABLE t (s VARCHAR)");
        static string Text(int i) => new string('ü', i % 23) + "🏭" + i;
        const int Rows = 5000;
        using (var appender = _connection.CreateAppender("t"))
        {
            for (var from = 0; from < Rows; from += 2048)
            {
                var count = Math.Min(2048, Rows - from);
                for (var i = 0; i < count; i++) appender.SetText(0, i, Encoding.UTF8.GetBytes(Text(from + i)));
                appender.AppendChunk(count);
            }

            appender.Flush();
        }

        var texts = _connection.Column("SELECT s FROM t", (column, row) => column.GetString(row));
        texts.ShouldBe(Enumerable.Range(0, Rows).Select(Text));
    }

    [Fact]
    public void SetText_LongEmptyAndZeroByte_RoundTrip()
    {
        _connection.Execute("CREATE TABLE t (s VARCHAR)");
        string[] texts = ["", "a\0b", "exactly12byt", "exactly13byte", new string('x', 5_000_000)];
        using (var appender = _connection.CreateAppender("t"))
        {
            for (var i = 0; i < texts.Length; i++) appender.SetText(0, i, texts[i]);
            appender.AppendChunk(texts.Length);
            appender.Flush();
        }

        _connection.Column("SELECT s FROM t", (column, row) => column.GetString(row)).ShouldBe(texts);
    }

    [Fact]
    public void SetText_InvalidUtf8_IsRefused()
    {
        _connection.Execute("CREATE TABLE t (s VARCHAR)");
        using var appender = _connection.CreateAppender("t");
        Should.Throw<ArgumentException>(() => appender.SetText(0, 0, [0xC3, 0x28])).Message.ShouldContain("UTF-8");
    }

    [Fact]
    public void SetBlob_AnyBytes_RoundTrip()
    {
        _connection.Execute("CREATE TABLE t (b BLOB)");
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        using (var appender = _connection.CreateAppender("t"))
        {
            appender.SetBlob(0, 0, all);
            appender.SetBlob(0, 1, []);
            appender.SetBlob(0, 2, [0, 0xFF]);
            appender.AppendChunk(3);
            appender.Flush();
        }

        _connection.Column("SELECT b FROM t", (column, row) => Convert.ToHexString(column.Utf8(row))).ShouldBe([Convert.ToHexString(all), "", "00FF"]);
    }

    [Fact]
    public void SetList_ManyElementsWithNullsAcrossChunks_RoundTrips()
    {
        _connection.Execute("CREATE TABLE t (id INTEGER, l FLOAT[])");
        const int Rows = 3000;
        using (var appender = _connection.CreateAppender("t"))
        {
            var values = new float[70];
            ulong[] validity = [ulong.MaxValue, ulong.MaxValue];
            validity[1] &= ~(1UL << 5);
            for (var from = 0; from < Rows; from += 2048)
            {
                var count = Math.Min(2048, Rows - from);
                for (var i = 0; i < count; i++)
                {
                    appender.Column<int>(0)[i] = from + i;
                    values.AsSpan().Fill(from + i);
                    if (i % 5 == 0) appender.SetNull(1, i);
                    else if (i % 5 == 1) appender.SetList<float>(1, i, []);
                    else appender.SetList(1, i, values, i % 5 == 2 ? validity : default);
                }

                appender.AppendChunk(count);
            }

            appender.Flush();
        }

        _connection.Int64("SELECT count(*) FROM t WHERE l IS NULL").ShouldBe(410 + 191);
        _connection.Int64("SELECT count(*) FROM t WHERE len(l) = 0").ShouldBe(410 + 191);
        _connection.Int64("SELECT count(*) FROM t WHERE len(l) = 70 AND list_min(l) = id AND list_max(l) = id").ShouldBe(409 * 3 + 1 + 190 * 3);
        _connection.Int64("SELECT count(*) FROM t WHERE l[70] IS NULL AND len(l) = 70 AND list_count(l) = 69").ShouldBe(410 + 190);
    }

    [Fact]
    public void SetList_ChunkAfterOneWithNullElements_HasNone()
    {
        _connection.Execute("CREATE TABLE t (l INTEGER[])");
        using (var appender = _connection.CreateAppender("t"))
        {
            appender.SetList(0, 0, [1, 2, 3], [0UL]);
            appender.AppendChunk(1);
            appender.SetList<int>(0, 0, [4, 5, 6]);
            appender.AppendChunk(1);
            appender.Flush();
        }

        _connection.Column("SELECT l::VARCHAR FROM t", (column, row) => column.GetString(row)).ShouldBe(["[NULL, NULL, NULL]", "[4, 5, 6]"]);
    }

    [Fact]
    public void SetTextList_TextsAndNulls_RoundTrip()
    {
        _connection.Execute("CREATE TABLE t (l VARCHAR[])");
        using (var appender = _connection.CreateAppender("t"))
        {
            appender.SetTextList(0, 0, "a", null, "a text beyond twelve bytes");
            appender.SetTextList(0, 1);
            appender.SetTextList(0, 2, "ü");
            appender.AppendChunk(3);
            appender.Flush();
        }

        _connection.Column("SELECT l::VARCHAR FROM t", (column, row) => column.GetString(row)).ShouldBe(["[a, NULL, a text beyond twelve bytes]", "[]", "[ü]"]);
    }

    [Fact]
    public void AppendChunk_RowsLeftOut_AreEmptyForTextsAndLists()
    {
        _connection.Execute("CREATE TABLE t (s VARCHAR, l INTEGER[], b BOOLEAN)");
        using (var appender = _connection.CreateAppender("t"))
        {
            for (var i = 0; i < 10; i++)
            {
                appender.SetText(0, i, "a text beyond twelve bytes");
                appender.SetList<int>(1, i, [1, 2, 3]);
                appender.Column<bool>(2)[i] = true;
            }

            appender.AppendChunk(10);
            appender.AppendChunk(10);
            appender.Flush();
        }

        _connection.Int64("SELECT count(*) FROM t WHERE s = '' AND len(l) = 0 AND NOT b").ShouldBe(10);
    }

    [Fact]
    public void Dispose_WithoutFlush_DropsTheRows()
    {
        _connection.Execute("CREATE TABLE t (a INTEGER)");
        using (var appender = _connection.CreateAppender("t")) appender.AppendChunk(5);
        _connection.Int64("SELECT count(*) FROM t").ShouldBe(0);
    }

    [Fact]
    public void Flush_InATransactionRolledBack_LeavesNothing()
    {
        _connection.Execute("CREATE TABLE t (a INTEGER); BEGIN");
        using (var appender = _connection.CreateAppender("t"))
        {
            appender.AppendChunk(5);
            appender.Flush();
        }

        _connection.Int64("SELECT count(*) FROM t").ShouldBe(5);
        _connection.Execute("ROLLBACK");
        _connection.Int64("SELECT count(*) FROM t").ShouldBe(0);
    }

    [Fact]
    public void Flush_ValueBreaksAConstraint_NamesTableAndReason()
    {
        _connection.Execute("CREATE TABLE t (a INTEGER NOT NULL)");
        using var appender = _connection.CreateAppender("t");
        appender.SetNull(0, 0);
        var error = Should.Throw<DuckDbException>(() =>
        {
            appender.AppendChunk(1);
            appender.Flush();
        });
        error.ErrorType.ShouldBe("Constraint");
        error.Message.ShouldContain("append to table 't'");
        error.Message.ShouldContain("NOT NULL");
    }

    [Fact]
    public void CreateAppender_TableInASchemaWithAwkwardName_IsFoundWithoutQuotes()
    {
        _connection.Execute("CREATE SCHEMA \"my feeds\"; CREATE TABLE \"my feeds\".\"press-4.x\" (a INTEGER)");
        using var appender = _connection.CreateAppender("press-4.x", "my feeds");
        appender.ColumnCount.ShouldBe(1);
        appender.ColumnType(0).ShouldBe(DuckDbType.Integer);
    }

    [Fact]
    public void CreateAppender_NoSuchTable_NamesIt()
    {
        var error = Should.Throw<DuckDbException>(() => _connection.CreateAppender("absent"));
        error.Message.ShouldContain("'absent'");
        error.ErrorType.ShouldBe("Catalog");
    }

    [Fact]
    public void EveryWriter_WrongTypeColumnOrRow_IsRefused()
    {
        _connection.Execute("CREATE TABLE t (a INTEGER, s VARCHAR, l DOUBLE[])");
        using var appender = _connection.CreateAppender("t");
        Should.Throw<InvalidOperationException>(() => appender.Column<long>(0).Length).Message.ShouldContain("Column 0 of table 't', of type Integer");
        Should.Throw<InvalidOperationException>(() => appender.Column<int>(1).Length);
        Should.Throw<InvalidOperationException>(() => appender.SetText(0, 0, "x"));
        Should.Throw<InvalidOperationException>(() => appender.SetBlob(1, 0, [1]));
        Should.Throw<InvalidOperationException>(() => appender.SetList<int>(2, 0, [1]));
        Should.Throw<InvalidOperationException>(() => appender.SetTextList(2, 0, "x"));
        Should.Throw<IndexOutOfRangeException>(() => appender.Column<int>(3).Length);
        Should.Throw<ArgumentOutOfRangeException>(() => appender.SetText(1, 2048, "x"));
        Should.Throw<ArgumentOutOfRangeException>(() => appender.SetNull(0, -1));
        Should.Throw<ArgumentException>(() => appender.SetList<double>(2, 0, new double[65], [1UL]));
        Should.Throw<ArgumentOutOfRangeException>(() => appender.AppendChunk(2049));
        Should.Throw<ArgumentOutOfRangeException>(() => appender.AppendChunk(-1));
    }

    [Fact]
    public void EveryMember_DisposedAppender_Throws()
    {
        _connection.Execute("CREATE TABLE t (a INTEGER, s VARCHAR)");
        var appender = _connection.CreateAppender("t");
        appender.Dispose();
        appender.Dispose();
        Should.Throw<ObjectDisposedException>(() => appender.Column<int>(0).Length);
        Should.Throw<ObjectDisposedException>(() => appender.Validity(0).Length);
        Should.Throw<ObjectDisposedException>(() => appender.SetText(1, 0, "x"));
        Should.Throw<ObjectDisposedException>(() => appender.AppendChunk(0));
        Should.Throw<ObjectDisposedException>(appender.Flush);
    }

    [Fact]
    public void AppendChunk_FullChunks_AllocatesNothing()
    {
        _connection.Execute("CREATE TABLE t (a DOUBLE, b DOUBLE)");
        using var appender = _connection.CreateAppender("t");
        void Append()
        {
            for (var column = 0; column < 2; column++) appender.Column<double>(column).Fill(column);
            appender.AppendChunk(2048);
        }

        Append();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 50; i++) Append();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private void RoundTrip<T>(string type, params T[] values) where T : unmanaged
    {
        _connection.Execute($"CREATE OR REPLACE TABLE t (v {type})");
        using (var appender = _connection.CreateAppender("t"))
        {
            values.CopyTo(appender.Column<T>(0));
            appender.SetNull(0, values.Length);
            appender.AppendChunk(values.Length + 1);
            appender.Flush();
        }

        _connection.Column("SELECT v FROM t WHERE v IS NOT NULL", (column, row) => column.Values<T>()[row]).AsEnumerable().ShouldBe(values, type);
        _connection.Int64("SELECT count(*) FROM t WHERE v IS NULL").ShouldBe(1, type);
    }
}

using System.Globalization;

namespace Mlops.DuckDb.Tests;

public sealed class DuckDbVectorTests : IDisposable
{
    private readonly DuckDbDatabase _database = DuckDbDatabase.OpenInMemory(new DuckDbOptions { Threads = 2 });
    private readonly DuckDbConnection _connection;

    public DuckDbVectorTests() => _connection = _database.Connect();

    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
    }

    [Fact]
    public void Values_IntegersOfEveryWidth_HaveTheirExtremes()
    {
        Extremes<sbyte>("TINYINT").ShouldBe([sbyte.MinValue, sbyte.MaxValue]);
        Extremes<short>("SMALLINT").ShouldBe([short.MinValue, short.MaxValue]);
        Extremes<int>("INTEGER").ShouldBe([int.MinValue, int.MaxValue]);
        Extremes<long>("BIGINT").ShouldBe([long.MinValue, long.MaxValue]);
        Extremes<Int128>("HUGEINT").ShouldBe([Int128.MinValue, Int128.MaxValue]);
        Extremes<byte>("UTINYINT").ShouldBe([byte.MinValue, byte.MaxValue]);
        Extremes<ushort>("USMALLINT").ShouldBe([ushort.MinValue, ushort.MaxValue]);
        Extremes<uint>("UINTEGER").ShouldBe([uint.MinValue, uint.MaxValue]);
        Extremes<ulong>("UBIGINT").ShouldBe([ulong.MinValue, ulong.MaxValue]);
        Extremes<UInt128>("UHUGEINT").ShouldBe([UInt128.MinValue, UInt128.MaxValue]);
    }

    [Fact]
    public void Values_FloatsAndDoubles_KeepNaNInfinityAndSmallest()
    {
        _connection.Column("SELECT unnest(['nan', 'inf', '-inf', '-0.0', '5e-324', '1.7976931348623157e308']::DOUBLE[])", (column, row) => column.Values<double>()[row])
            .ShouldBe([double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.NegativeZero, double.Epsilon, double.MaxValue]);
        _connection.Column("SELECT unnest(['nan', 'inf', '1e-45', '3.4028235e38']::FLOAT[])", (column, row) => column.Values<float>()[row])
            .ShouldBe([float.NaN, float.PositiveInfinity, float.Epsilon, float.MaxValue]);
    }

    [Fact]
    public void IsValid_NullsScattered_FollowsTheBitmap()
    {
        using var result = _connection.Query("SELECT CASE WHEN range % 3 = 0 THEN NULL ELSE range END, range FROM range(3000)");
        var row = 0L;
        while (result.NextChunk() is { } chunk)
        {
            var some = chunk[0];
            some.Validity.Length.ShouldBe((chunk.RowCount + 63) / 64);
            chunk[1].IsValid(0).ShouldBeTrue();
            for (var i = 0; i < chunk.RowCount; i++, row++)
            {
                some.IsValid(i).ShouldBe(row % 3 != 0);
                if (some.IsValid(i)) some.Values<long>()[i].ShouldBe(row);
            }
        }

        row.ShouldBe(3000);
    }

    [Fact]
    public void GetString_TextsOfEveryLength_CrossTheInlineBorder()
    {
        for (var length = 0; length < 40; length++)
            _connection.Text($"SELECT repeat('ü', {length / 2}) || repeat('x', {length % 2})").ShouldBe(new string('ü', length / 2) + new string('x', length % 2));
        _connection.Text("SELECT repeat('0123456789', 1000000)").ShouldNotBeNull().Length.ShouldBe(10_000_000);
        _connection.Text("SELECT '工厂 🏭 é'").ShouldBe("工厂 🏭 é");
        _connection.Text("SELECT NULL::VARCHAR").ShouldBeNull();
    }

    [Fact]
    public void Utf8_TextAndBlob_GivesTheBytes()
    {
        _connection.Column("SELECT unnest(['\\x00\\xFF'::BLOB, ''::BLOB, NULL, repeat('a', 20)::BLOB])", (column, row) => Convert.ToHexString(column.Utf8(row)))
            .ShouldBe(["00FF", "", "", string.Concat(Enumerable.Repeat("61", 20))]);
        _connection.Column("SELECT 'é'", (column, row) => Convert.ToHexString(column.Utf8(row))).ShouldBe(["C3A9"]);
    }

    [Theory]
    [InlineData("TIMESTAMP_NS '2024-02-29 12:30:15.123456789'", 1709209815123456789)]
    [InlineData("TIMESTAMP '2024-02-29 12:30:15.123456'", 1709209815123456000)]
    [InlineData("TIMESTAMPTZ '2024-02-29 12:30:15.123456+00'", 1709209815123456000)]
    [InlineData("TIMESTAMP_MS '2024-02-29 12:30:15.123'", 1709209815123000000)]
    [InlineData("TIMESTAMP_S '2024-02-29 12:30:15'", 1709209815000000000)]
    [InlineData("DATE '2024-02-29'", 1709164800000000000)]
    [InlineData("TIMESTAMP '1969-12-31 23:59:59.999999'", -1000)]
    public void GetUnixNanoseconds_EveryUnit_IsTheSameTime(string literal, long expected) =>
        _connection.Column($"SELECT {literal}", (column, row) => column.GetUnixNanoseconds(row)).ShouldBe([expected]);

    [Fact]
    public void GetUnixNanoseconds_OutsideTheRangeOrNoTime_Throws()
    {
        Should.Throw<OverflowException>(() => _connection.Column("SELECT TIMESTAMP '9999-01-01'", (column, row) => column.GetUnixNanoseconds(row)));
        Should.Throw<InvalidOperationException>(() => _connection.Column("SELECT 1", (column, row) => column.GetUnixNanoseconds(row)));
        Should.Throw<InvalidOperationException>(() => _connection.Column("SELECT NULL::DATE", (column, row) => column.GetUnixNanoseconds(row)));
    }

    [Theory]
    [InlineData("true", 1)]
    [InlineData("200::UTINYINT", 200)]
    [InlineData("-5::TINYINT", -5)]
    [InlineData("40000::USMALLINT", 40000)]
    [InlineData("-300::SMALLINT", -300)]
    [InlineData("4000000000::UINTEGER", 4e9)]
    [InlineData("-7", -7)]
    [InlineData("18446744073709551615::UBIGINT", 1.8446744073709552e19)]
    [InlineData("-9007199254740993::BIGINT", -9007199254740992d)]
    [InlineData("170141183460469231731687303715884105727::HUGEINT", 1.7014118346046923e38)]
    [InlineData("340282366920938463463374607431768211455::UHUGEINT", 3.402823669209385e38)]
    [InlineData("0.5::FLOAT", 0.5)]
    [InlineData("12.34::DECIMAL(4,2)", 12.34)]
    [InlineData("-12345.678::DECIMAL(9,3)", -12345.678)]
    [InlineData("123456789012.345::DECIMAL(18,3)", 123456789012.345)]
    [InlineData("-1234567890123456789012345678.5::DECIMAL(38,1)", -1234567890123456789012345678.5)]
    [InlineData("NULL::DECIMAL(9,3)", double.NaN)]
    [InlineData("NULL::INTEGER", double.NaN)]
    public void GetDouble_EveryNumericType_IsTheNearestDouble(string expression, double expected) =>
        _connection.Column($"SELECT {expression}", (column, row) => column.GetDouble(row)).ShouldBe([expected]);

    [Fact]
    public void CopyDoubles_ColumnWithNulls_HasNaNThere()
    {
        using var result = _connection.Query("SELECT CASE WHEN range = 70 THEN NULL ELSE range::DECIMAL(9,1) / 2 END::DECIMAL(9,1) FROM range(100)");
        var chunk = result.NextChunk().ShouldNotBeNull();
        var values = new double[120];
        chunk[0].CopyDoubles(values);
        for (var i = 0; i < 100; i++) values[i].ShouldBe(i == 70 ? double.NaN : i / 2.0);
        values[100].ShouldBe(0);
        Should.Throw<ArgumentException>(() => chunk[0].CopyDoubles(new double[99])).Message.ShouldContain("99");
    }

    [Fact]
    public void GetInt64_EveryIntegerType_IsExact()
    {
        foreach (var type in new[] { "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT" })
            _connection.Int64($"SELECT 100::{type}").ShouldBe(100, type);
        Should.Throw<OverflowException>(() => _connection.Int64("SELECT 18446744073709551615::UBIGINT"));
        Should.Throw<InvalidOperationException>(() => _connection.Int64("SELECT NULL::INTEGER"));
        Should.Throw<InvalidOperationException>(() => _connection.Int64("SELECT 1.5::DOUBLE"));
    }

    [Fact]
    public void Values_DecimalOfEveryWidth_AreTheScaledIntegers()
    {
        _connection.Column("SELECT 1.25::DECIMAL(4,2)", (column, row) => ((int)column.Values<short>()[row], column.DecimalScale)).ShouldBe([(125, 2)]);
        _connection.Column("SELECT 1.25::DECIMAL(9,2)", (column, row) => column.Values<int>()[row]).ShouldBe([125]);
        _connection.Column("SELECT 1.25::DECIMAL(18,2)", (column, row) => column.Values<long>()[row]).ShouldBe([125L]);
        _connection.Column("SELECT 1.25::DECIMAL(38,2)", (column, row) => column.Values<Int128>()[row]).ShouldBe([(Int128)125]);
    }

    [Fact]
    public void Elements_Lists_AreFoundByOffsetAndLength()
    {
        const string Query = "SELECT CASE range % 4 WHEN 0 THEN NULL WHEN 1 THEN [] ELSE [range::DOUBLE, NULL, range + 0.5] END FROM range(5000)";
        var lists = _connection.Column(Query, (column, row) =>
        {
            if (!column.IsValid(row)) return "null";
            var (offset, length) = column.ElementsOf(row);
            return Join(column.Elements, offset, length);
        });
        lists.Count.ShouldBe(5000);
        for (var i = 0; i < lists.Count; i++)
            lists[i].ShouldBe((i % 4) switch { 0 => "null", 1 => "", _ => string.Create(CultureInfo.InvariantCulture, $"{i} NaN {i + 0.5}") });
    }

    [Fact]
    public void Elements_ArraysTextsAndNestedLists_AreReached()
    {
        _connection.Column("SELECT unnest([[1, 2]::INTEGER[2], [3, 4]::INTEGER[2]])", (column, row) => Join(column.Elements, column.ElementsOf(row).Offset, column.ElementsOf(row).Length))
            .ShouldBe(["1 2", "3 4"]);
        using (var result = _connection.Query("SELECT ['a', NULL, 'a text beyond twelve bytes']"))
        {
            var texts = result.NextChunk().ShouldNotBeNull()[0].Elements;
            texts.Length.ShouldBe(3);
            texts.GetString(0).ShouldBe("a");
            texts.GetString(1).ShouldBeNull();
            texts.GetString(2).ShouldBe("a text beyond twelve bytes");
        }

        using (var result = _connection.Query("SELECT [[1, 2], [], [3]]"))
        {
            var inner = result.NextChunk().ShouldNotBeNull()[0].Elements;
            inner.Length.ShouldBe(3);
            inner.ElementsOf(2).ShouldBe((2, 1));
            inner.Elements.Values<int>().ToArray().ShouldBe([1, 2, 3]);
        }
    }

    [Fact]
    public void Values_OfAnotherType_SaysWhatTheColumnIs()
    {
        Should.Throw<InvalidOperationException>(() => _connection.Column("SELECT 1::BIGINT AS speed", (column, row) => column.Values<double>()[row])).Message.ShouldContain("'speed' of type BigInt");
        Should.Throw<InvalidOperationException>(() => _connection.Column("SELECT {'a': 1} AS s", (column, row) => column.Values<int>()[row])).Message.ShouldContain("cast it in SQL");
        Should.Throw<InvalidOperationException>(() => _connection.Column("SELECT 1", (column, row) => column.GetString(row)));
        Should.Throw<InvalidOperationException>(() => _connection.Column("SELECT 'a'", (column, row) => column.GetDouble(row)));
        Should.Throw<InvalidOperationException>(() => _connection.Column("SELECT 1", (column, row) => column.Elements.Length));
        Should.Throw<InvalidOperationException>(() => _connection.Column("SELECT 1", (column, row) => column.ElementsOf(row)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void EveryAccessor_RowThatIsNotThere_Throws(int row)
    {
        Should.Throw<ArgumentOutOfRangeException>(() => _connection.Column("SELECT 1", (column, _) => column.IsValid(row)));
        Should.Throw<ArgumentOutOfRangeException>(() => _connection.Column("SELECT 1", (column, _) => column.GetDouble(row)));
        Should.Throw<ArgumentOutOfRangeException>(() => _connection.Column("SELECT 1", (column, _) => column.GetInt64(row)));
        Should.Throw<ArgumentOutOfRangeException>(() => _connection.Column("SELECT 'a'", (column, _) => column.GetString(row)));
        Should.Throw<ArgumentOutOfRangeException>(() => _connection.Column("SELECT [1]", (column, _) => column.ElementsOf(row)));
    }

    private static string Join(DuckDbVector elements, int offset, int length)
    {
        var texts = new List<string>();
        for (var i = offset; i < offset + length; i++) texts.Add(elements.GetDouble(i).ToString(CultureInfo.InvariantCulture));
        return string.Join(' ', texts);
    }

    private List<T> Extremes<T>(string type) where T : unmanaged, System.Numerics.IMinMaxValue<T> =>
        _connection.Column($"SELECT unnest(['{T.MinValue}', '{T.MaxValue}']::{type}[])", (column, row) => column.Values<T>()[row]);
}

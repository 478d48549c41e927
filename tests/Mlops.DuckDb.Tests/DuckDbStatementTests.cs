namespace Mlops.DuckDb.Tests;

public sealed class DuckDbStatementTests : IDisposable
{
    private readonly DuckDbDatabase _database = DuckDbDatabase.OpenInMemory(new DuckDbOptions { Threads = 2 });
    private readonly DuckDbConnection _connection;

    public DuckDbStatementTests() => _connection = _database.Connect();

    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
    }

    [Fact]
    public void Bind_PositionalOfEveryType_ArrivesAsBound()
    {
        using var statement = _connection.Prepare(
            "SELECT typeof(?) || ' ' || ?, typeof(?) || ' ' || ?, typeof(?) || ' ' || ?, typeof(?) || ' ' || ?, typeof(?) || ' ' || hex(?::BLOB), typeof(?) || ' ' || ?, typeof(?)");
        statement.ParameterCount.ShouldBe(13);
        statement.Bind(1, long.MinValue);
        statement.Bind(2, long.MinValue);
        statement.Bind(3, 0.1);
        statement.Bind(4, 0.1);
        statement.Bind(5, true);
        statement.Bind(6, true);
        statement.Bind(7, "grüße 🏭");
        statement.Bind(8, "grüße 🏭");
        statement.Bind(9, [0, 255, 7]);
        statement.Bind(10, [0, 255, 7]);
        var time = new DateTime(2024, 2, 29, 12, 30, 15, DateTimeKind.Utc).AddTicks(1234567);
        statement.Bind(11, time);
        statement.Bind(12, time);
        statement.BindNull(13);
        using var result = statement.Query();
        var chunk = result.NextChunk().ShouldNotBeNull();
        chunk[0].GetString(0).ShouldBe("BIGINT -9223372036854775808");
        chunk[1].GetString(0).ShouldBe("DOUBLE 0.1");
        chunk[2].GetString(0).ShouldBe("BOOLEAN true");
        chunk[3].GetString(0).ShouldBe("VARCHAR grüße 🏭");
        chunk[4].GetString(0).ShouldBe("BLOB 00FF07");
        chunk[5].GetString(0).ShouldBe("TIMESTAMP_NS 2024-02-29 12:30:15.1234567");
        chunk[6].GetString(0).ShouldBe("\"NULL\"");
    }

    [Fact]
    public void Bind_Named_ArrivesWhereverTheNameStands()
    {
        using var statement = _connection.Prepare("SELECT $b || $a || $b, $n + 1, $none IS NULL");
        statement.ParameterCount.ShouldBe(4);
        statement.Bind("a", "x");
        statement.Bind("b", "y");
        statement.Bind("n", 41);
        statement.BindNull("none");
        statement.ParameterName(statement.ParameterIndex("a")).ShouldBe("a");
        using var result = statement.Query();
        var chunk = result.NextChunk().ShouldNotBeNull();
        chunk[0].GetString(0).ShouldBe("yxy");
        chunk[1].GetInt64(0).ShouldBe(42);
        chunk[2].Values<bool>()[0].ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("'; DROP TABLE t; --")]
    public void Bind_TextOfAwkwardContent_ArrivesUnchanged(string text)
    {
        using var statement = _connection.Prepare("SELECT ?::VARCHAR");
        statement.Bind(1, text);
        using var result = statement.Query();
        result.NextChunk().ShouldNotBeNull()[0].GetString(0).ShouldBe(text);
    }

    [Fact]
    public void Bind_EmptyBlobAndNullText_AreEmptyAndNull()
    {
        using var statement = _connection.Prepare("SELECT octet_length(?::BLOB), ?::VARCHAR IS NULL");
        statement.Bind(1, ReadOnlySpan<byte>.Empty);
        statement.Bind(2, (string?)null);
        using var result = statement.Query();
        var chunk = result.NextChunk().ShouldNotBeNull();
        chunk[0].GetInt64(0).ShouldBe(0);
        chunk[1].Values<bool>()[0].ShouldBeTrue();
    }

    [Fact]
    public void BindTimestamp_Nanoseconds_KeepsEveryDigit()
    {
        using var statement = _connection.Prepare("SELECT epoch_ns($t)");
        foreach (var nanoseconds in new[] { 0, 1_700_000_000_123_456_789, -1, long.MaxValue - 1, -long.MaxValue })
        {
            statement.BindTimestamp("t", nanoseconds);
            using var result = statement.Query();
            result.Int64().ShouldBe(nanoseconds);
        }
    }

    [Fact]
    public void Bind_DateTimeOfEveryKind_IsTakenAsUtcOrConverted()
    {
        using var statement = _connection.Prepare("SELECT epoch_ns(?)");
        var utc = new DateTime(2024, 5, 1, 10, 0, 0, DateTimeKind.Utc);
        foreach (var time in new[] { utc, DateTime.SpecifyKind(utc, DateTimeKind.Unspecified), utc.ToLocalTime() })
        {
            statement.Bind(1, time);
            using var result = statement.Query();
            result.Int64().ShouldBe(1_714_557_600_000_000_000);
        }

        Should.Throw<OverflowException>(() => statement.Bind(1, DateTime.MaxValue));
    }

    [Fact]
    public void BindList_Texts_ArriveAsList()
    {
        using var statement = _connection.Prepare("SELECT unnest($texts::VARCHAR[])");
        statement.BindList("texts", ["a", "", "long enough to lie outside of the entry"]);
        using (var result = statement.Query())
            result.Column((column, row) => column.GetString(row)).ShouldBe(["a", "", "long enough to lie outside of the entry"]);
        statement.BindList("texts", []);
        using var empty = statement.Query();
        empty.NextChunk().ShouldBeNull();
    }

    [Fact]
    public void Execute_AgainAndAgain_KeepsBindingsUntilTheyChange()
    {
        _connection.Execute("CREATE TABLE t (a BIGINT, b VARCHAR)");
        using (var insert = _connection.Prepare("INSERT INTO t VALUES (?, ?)"))
        {
            insert.Bind(2, "same");
            for (var i = 0; i < 10; i++)
            {
                insert.Bind(1, i);
                insert.Execute().ShouldBe(1);
            }
        }

        _connection.Int64("SELECT sum(a)::BIGINT FROM t WHERE b = 'same'").ShouldBe(45);
    }

    [Fact]
    public void Execute_ParameterWithoutValue_NamesIt()
    {
        using var statement = _connection.Prepare("SELECT $speed + $load");
        statement.Bind("speed", 1);
        Should.Throw<DuckDbException>(() => statement.Execute()).Message.ShouldContain("load");
        statement.Bind("load", 1);
        statement.Execute();
        statement.ClearBindings();
        Should.Throw<DuckDbException>(() => statement.Execute()).Message.ShouldContain("speed");
    }

    [Fact]
    public void Execute_ValueOfAnotherType_SaysWhichTypesDoNotMeet()
    {
        using var statement = _connection.Prepare("SELECT ?::INTEGER");
        statement.Bind(1, "twelve");
        var error = Should.Throw<DuckDbException>(() => statement.Execute());
        error.ErrorType.ShouldBe("Conversion");
        error.Message.ShouldContain("twelve");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(-1)]
    public void Bind_IndexThatDoesNotExist_SaysHowManyThereAre(int index)
    {
        using var statement = _connection.Prepare("SELECT ?, ?");
        Should.Throw<ArgumentOutOfRangeException>(() => statement.Bind(index, 1)).Message.ShouldContain("2 parameter(s)");
    }

    [Fact]
    public void Bind_NameThatDoesNotExist_ListsTheKnown()
    {
        using var statement = _connection.Prepare("SELECT $speed, $load");
        var message = Should.Throw<ArgumentException>(() => statement.Bind("sped", 1)).Message;
        message.ShouldContain("'sped'");
        message.ShouldContain("$speed");
        message.ShouldContain("$load");
    }

    [Fact]
    public void EveryMember_DisposedStatement_Throws()
    {
        var statement = _connection.Prepare("SELECT ?");
        statement.Dispose();
        statement.Dispose();
        Should.Throw<ObjectDisposedException>(() => statement.ParameterCount);
        Should.Throw<ObjectDisposedException>(() => statement.Bind(1, 1));
        Should.Throw<ObjectDisposedException>(() => statement.Execute());
        Should.Throw<ObjectDisposedException>(() => statement.Query());
    }

    [Fact]
    public void Query_StatementDisposedFirst_ResultStaysReadable()
    {
        var statement = _connection.Prepare("SELECT range FROM range(10000)");
        using var result = statement.Query();
        statement.Dispose();
        result.Column((column, row) => column.GetInt64(row)).Count.ShouldBe(10_000);
    }
}

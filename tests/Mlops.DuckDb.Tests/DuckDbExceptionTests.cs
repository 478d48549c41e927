namespace Mlops.DuckDb.Tests;

public sealed class DuckDbExceptionTests : IDisposable
{
    private readonly DuckDbDatabase _database = DuckDbDatabase.OpenInMemory(new DuckDbOptions { Threads = 2 });
    private readonly DuckDbConnection _connection;

    public DuckDbExceptionTests() => _connection = _database.Connect();

    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
    }

    [Theory]
    [InlineData("SELEC 1", "Parser", "SELEC 1", 1, 1)]
    [InlineData("SELECT *\n FORM t", "Parser", "t", 2, 7)]
    [InlineData("SELECT 'ü🏭', nope", "Binder", "nope", 1, 15)]
    [InlineData("SELECT 1\nFROM absent", "Catalog", "absent", 2, 6)]
    [InlineData("SELECT 1 +\n  ('x' || range)::INTEGER FROM range(3)", "Conversion", "::INTEGER", 2, 17)]
    public void Query_WrongStatement_TellsKindAndPosition(string sql, string kind, string at, int line, int column)
    {
        var error = Should.Throw<DuckDbException>(() =>
        {
            using var result = _connection.Query(sql);
            result.NextChunk();
        });
        error.ErrorType.ShouldBe(kind);
        error.Statement.ShouldBe(sql);
        (error.Line, error.Column).ShouldBe((line, column));
        sql[error.Position.ShouldNotBeNull()..].ShouldStartWith(at);
        error.Message.ShouldContain($"At line {line}, column {column}: {at}");
    }

    [Fact]
    public void Execute_SecondStatementOfAScriptIsWrong_PositionCountsFromTheScriptsStart()
    {
        const string Script = "SELECT 1;\nSELECT 2;\n  SELECT nope;";
        var error = Should.Throw<DuckDbException>(() => _connection.Execute(Script));
        (error.Line, error.Column).ShouldBe((3, 10));
        error.Statement.ShouldBe(Script);
        Should.Throw<DuckDbException>(() => _connection.Execute("SELECT 1;\nSELEC 2")).Line.ShouldBe(2);
    }

    [Fact]
    public void Execute_ErrorWithoutPosition_ShowsTheStatement()
    {
        _connection.Execute("CREATE TABLE t (a INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)");
        var error = Should.Throw<DuckDbException>(() => _connection.Execute("INSERT INTO t VALUES (1)"));
        error.ErrorType.ShouldBe("Constraint");
        error.Position.ShouldBeNull();
        error.Line.ShouldBeNull();
        error.Message.ShouldContain("In: INSERT INTO t VALUES (1)");
    }

    [Fact]
    public void Execute_VeryLongStatement_IsCutInTheMessageOnly()
    {
        var sql = $"SELECT nope, {string.Join(", ", Enumerable.Range(0, 5000))}";
        var error = Should.Throw<DuckDbException>(() => _connection.Execute(sql));
        error.Message.Length.ShouldBeLessThan(1000);
        error.Statement.ShouldBe(sql);
    }
}

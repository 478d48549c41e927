using Mlops.Data;

namespace Mlops.Tests.Store.Queries;

public sealed class FilterExpressionTests : IClassFixture<FilterExpressionTests.Filled>
{
    private readonly Filled _filled;

    public FilterExpressionTests(Filled filled) => _filled = filled;

    private StoreNode Tail => _filled.Tail!;

    [Theory]
    [InlineData("height > 90", 2)]
    [InlineData("HEIGHT > 90 AND ok", 1)]
    [InlineData("height BETWEEN 0 AND 50 OR name IN ('b', 'c')", 3)]
    [InlineData("name LIKE 'a%' -- all of line a", 2)]
    [InlineData("/* a comment; with a semicolon */ name ILIKE 'A%'", 2)]
    [InlineData("lower(name) = 'b' OR regexp_matches(name, '^a[0-9]$')", 3)]
    [InlineData("CASE WHEN ok THEN height > 90 ELSE height < 20 END", 2)]
    [InlineData("height IS NULL", 1)]
    [InlineData("NOT ok AND height IS NOT NULL", 2)]
    [InlineData("TRY_CAST(name AS BIGINT) IS NULL", 5)]
    [InlineData("abs(-height) % 2 = 0 AND round(height / 3.0, 2) > 3", 4)]
    [InlineData("coalesce(height, 0) = 0", 1)]
    [InlineData("made >= TIMESTAMP '1970-01-01 00:00:02' AND made < TIMESTAMP '1970-01-01' + INTERVAL 4 SECOND", 2)]
    [InlineData("extract(second FROM made) = 3 AND date_trunc('minute', made) = TIMESTAMP '1970-01-01'", 1)]
    [InlineData("_quality >= 3 AND _position > 0 AND _timestamp > TIMESTAMP '1970-01-01 00:00:04'", 1)]
    [InlineData("\"we ird\" = 7", 1)]
    [InlineData("height::VARCHAR || name = '100a1'", 1)]
    [InlineData("isnan(ratio) OR ratio = 'inf'::DOUBLE", 2)]
    [InlineData("name = 'O''Neill; DROP TABLE x'", 0)]
    public async Task ReadAsync_PureExpression_Selects(string filter, int count)
    {
        (await Tail.ReadAsync("f", filter)).Count.ShouldBe(count);
        (await _filled.Files!.ReadAsync("f", filter)).Count.ShouldBe(count);
    }

    [Theory]
    [InlineData("height >", "syntax error")]
    [InlineData("", "syntax error")]
    [InlineData("heigth > 1", "at character 1: feed 'f' has no field 'heigth'. Its fields: height, name, ok, made, ratio, we ird")]
    [InlineData("ok AND größe > 1", "at character 8: feed 'f' has no field 'größe'")]
    [InlineData("name = 'ö' AND now() > made", "at character 16: the function 'now' is not allowed")]
    [InlineData("height > 1; DROP TABLE part", "syntax error")]
    [InlineData("height > 1); SELECT (1", "several statements")]
    [InlineData("height > 1) UNION SELECT 1 FROM (SELECT 1", "more than one expression")]
    [InlineData("height > 1) OR EXISTS (SELECT 1", "subquery is not allowed")]
    [InlineData("height IN (SELECT 1)", "subquery is not allowed")]
    [InlineData("height > 1) GROUP BY (height", "more than one expression")]
    [InlineData("height > 1) LIMIT (1", "more than one expression")]
    [InlineData("height > 1) QUALIFY (true", "more than one expression")]
    [InlineData("height > 1) USING SAMPLE (1", "more than one expression")]
    [InlineData("height > ?", "parameter is not allowed")]
    [InlineData("height > $x", "parameter is not allowed")]
    [InlineData("height > /* open", "unterminated")]
    [InlineData("#1 > 1", "positional reference is not allowed")]
    [InlineData("COLUMNS(*) > 1", "star is not allowed")]
    [InlineData("sum(height) OVER () > 1", "window is not allowed")]
    [InlineData("count(*) > 1", "'count_star' is not allowed")]
    [InlineData("max(height) FILTER (ok) > 1", "'max' is not allowed")]
    [InlineData("list_transform([1], x -> x + 1)[1] > 0", "not allowed")]
    [InlineData("random() > 0.5", "'random' is not allowed")]
    [InlineData("current_setting('memory_limit') = ''", "'current_setting' is not allowed")]
    [InlineData("getenv('HOME') = ''", "'getenv' is not allowed")]
    [InlineData("read_text('/etc/passwd') = ''", "not allowed")]
    [InlineData("'/etc/passwd' IN (FROM read_text('/etc/passwd'))", "not allowed")]
    [InlineData("repeat('x', 1000000000) = name", "'repeat' is not allowed")]
    [InlineData("part.height > 1", "has no field 'part.height'")]
    [InlineData("nextval('s') > 1", "'nextval' is not allowed")]
    [InlineData("[1, 2][1] = height", "not allowed")]
    [InlineData("name > 1 + true", "type")]
    [InlineData("lower(height) = 'a' AND name / ok > 1", "function")]
    public async Task ReadAsync_AnythingElse_IsRefusedWithReason(string filter, string reason)
    {
        ArgumentException error = await Should.ThrowAsync<ArgumentException>(() => Tail.ReadAsync("f", filter));

        error.Message.ShouldContain($"Filter \"{filter}\" is refused");
        error.Message.ShouldContain(reason, Case.Insensitive);
    }

    [Fact]
    public async Task ReadAsync_FilterThatFailsOnARecord_SaysHowToMendIt()
    {
        (await Should.ThrowAsync<ArgumentException>(() => Tail.ReadAsync("f", "name::BIGINT > 1"))).Message.ShouldContain("TRY_CAST");
    }

    [Fact]
    public async Task ReadAsync_VeryLongOrDeepFilter_IsRefused()
    {
        (await Should.ThrowAsync<ArgumentException>(() => Tail.ReadAsync("f", $"{new string('(', 20_000)}"))).Message.ShouldContain("20000 characters");
        string deep = string.Concat(Enumerable.Repeat("abs(", 900)) + "height" + new string(')', 900) + " > 1";
        await Should.ThrowAsync<ArgumentException>(() => Tail.ReadAsync("f", deep));
    }

    [Fact]
    public async Task Open_Session_ReachesNoFileOutsideTheFeedsAndNoSetting()
    {
        StoreNode node = Tail;
        using Mlops.Store.Queries.QuerySession session = node.Get<Mlops.Store.Queries.QueryEngine>().Open();

        foreach (string sql in new[]
        {
            "SELECT * FROM read_text('/etc/passwd')", $"SELECT * FROM read_blob('{node.Folder}/mlops.db')", $"SELECT * FROM read_text('{node.Feeds}/../mlops.db')",
            $"COPY (SELECT 1) TO '{node.Folder}/x.csv'", "SET memory_limit = '10GB'", "SET enable_external_access = true", "ATTACH '/tmp/x.duckdb'", "INSTALL httpfs",
        })
            Should.Throw<Mlops.DuckDb.DuckDbException>(() => session.Connection.Execute(sql), sql);
    }

    /// <summary>The same records twice: in the log of one node and in the file of another.</summary>
    public sealed class Filled : IAsyncLifetime
    {
        internal StoreNode? Tail { get; private set; }

        internal StoreNode? Files { get; private set; }

        public async Task InitializeAsync()
        {
            Tail = await FilledAsync();
            Files = await FilledAsync();
            await Files.Closer.CloseAllAsync();
        }

        public async Task DisposeAsync()
        {
            await Tail!.DisposeAsync();
            await Files!.DisposeAsync();
        }
    }

    private static async Task<StoreNode> FilledAsync()
    {
        StoreNode node = await StoreNode.StartAsync();
        FeedSchema schema = await node.DeclareAsync(
            "f", ("height", FieldType.Int64), ("name", FieldType.Text), ("ok", FieldType.Boolean), ("made", FieldType.Timestamp), ("ratio", FieldType.Float64), ("we ird", FieldType.Int64));
        DateTimeOffset At(int seconds) => DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        await node.CommitAsync(
            schema,
            (1, [100, "a1", true, At(1), 0.5, 7]),
            (2, [10, "a2", false, At(2), double.NaN, 8]),
            (3, [30, "b", true, At(3), double.PositiveInfinity, null]),
            (4, [92, "c", false, At(4), -1.0, null]),
            (5, [null, "d", false, At(5), null, null]));
        return node;
    }
}

using Mlops.Data;
using Mlops.Store.AdHoc;

namespace Mlops.Tests.Store.AdHoc;

public class SqlQueriesTests
{
    [Fact]
    public async Task QueryAsync_FilesAndLog_AnswersFromBoth()
    {
        await using StoreNode node = await PressAsync();

        (await RowsAsync(node, "SELECT count(*), sum(force), max(part), min(_timestamp) FROM \"plant.press\""))
            .ShouldBe([[4L, 100.0, "p4", DateTimeOffset.FromUnixTimeSeconds(1)]]);
        (await RowsAsync(node, "SELECT ';' AS a;")).ShouldBe([[";"]]);
        (await RowsAsync(node, "SELECT part FROM \"plant.press\" WHERE force > 15 ORDER BY force DESC; -- done")).ShouldBe([["p4"], ["p3"], ["p2"]]);
    }

    [Fact]
    public async Task QueryAsync_JoinOfFeeds_IsAsOf()
    {
        await using StoreNode node = await PressAsync();
        FeedSchema oven = await node.DeclareAsync("plant.oven", ("t", FieldType.Float64));
        await node.CommitAsync(oven, (0, [200.0]), (3, [230.0]));

        (await RowsAsync(node, "SELECT p.part, o.t FROM \"plant.press\" p ASOF JOIN \"plant.oven\" o ON p._timestamp >= o._timestamp ORDER BY ALL"))
            .ShouldBe([["p1", 200.0], ["p2", 200.0], ["p3", 230.0], ["p4", 230.0]]);
    }

    [Fact]
    public async Task QueryAsync_SeveralVersions_EachAndAllCanBeRead()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        FeedSchema first = await node.DeclareAsync("f", ("code", FieldType.Int64), ("same", FieldType.Int64));
        await node.CommitAsync(first, (1, [7L, 1L]));
        await node.Closer.CloseAllAsync();
        FeedSchema second = await node.DeclareAsync("f", ("code", FieldType.Text));
        await node.CommitAsync(second, (2, ["A7", 2L]));

        (await RowsAsync(node, "SELECT code, same FROM f ORDER BY _position")).ShouldBe([[null, 1L], ["A7", 2L]]);
        (await RowsAsync(node, "SELECT code, same FROM \"f@1\"")).ShouldBe([[7L, 1L]]);
        (await RowsAsync(node, "SELECT code, same FROM \"f@2\"")).ShouldBe([["A7", 2L]]);
        (await RowsAsync(node, "SELECT code, same FROM \"f@all\" ORDER BY _position")).ShouldBe([["7", 1L], ["A7", 2L]]);
        (await FailAsync(node, "FROM \"f@3\"")).Reason.ShouldContain("no version '3'. Its versions: 1 to 2");
    }

    [Fact]
    public async Task QueryAsync_EveryKindOfValue_HasAType()
    {
        await using StoreNode node = await PressAsync();

        await using SqlResult result = await node.Get<ISqlQueries>().QueryAsync(new SqlQuery(
            "SELECT 1::TINYINT AS a, sum(_position) AS a, 1.5 AS d, TIMESTAMP '1970-01-01 00:00:01.5' AS t, DATE '2024-02-03' AS day, INTERVAL 3 HOUR AS span, [1, 2] AS list, NULL AS nothing, 'x'::BLOB AS bytes, true AS yes, 18446744073709551615::UBIGINT AS huge, {'k': 1} AS s FROM \"plant.press\""));
        List<object?[]> rows = await ReadAsync(result);

        result.Columns.Select(c => (c.Name, c.Type)).ShouldBe([
            ("a", FieldType.Int64), ("a_1", FieldType.Int64), ("d", FieldType.Float64), ("t", FieldType.Timestamp), ("day", FieldType.Text), ("span", FieldType.Text),
            ("list", FieldType.Text), ("nothing", FieldType.Int64), ("bytes", FieldType.Text), ("yes", FieldType.Boolean), ("huge", FieldType.UInt64), ("s", FieldType.Text)]);
        rows.ShouldBe([[1L, 10L, 1.5, DateTimeOffset.FromUnixTimeMilliseconds(1500), "2024-02-03", "03:00:00", "[1,2]", null, "eA==", true, ulong.MaxValue, "{\"k\":1}"]]);
    }

    [Fact]
    public async Task QueryAsync_MoreRowsThanTheLimit_IsCutAndSaysSo()
    {
        await using StoreNode node = await StoreNode.StartAsync();

        await using SqlResult cut = await node.Get<ISqlQueries>().QueryAsync(new SqlQuery("SELECT i FROM range(100000) t(i)") { RowLimit = 7000 });
        List<object?[]> rows = await ReadAsync(cut);

        rows.Count.ShouldBe(7000);
        rows[^1].ShouldBe([6999L]);
        (cut.Rows, cut.IsTruncated).ShouldBe((7000, true));
        await cut.DisposeAsync();
        await using SqlResult whole = await node.Get<ISqlQueries>().QueryAsync(new SqlQuery("SELECT i FROM range(7000) t(i)") { RowLimit = 7000 });
        (await ReadAsync(whole)).Count.ShouldBe(7000);
        whole.IsTruncated.ShouldBeFalse();
    }

    [Fact]
    public async Task QueryAsync_TakesTooLong_IsStoppedAndTheNextOneRuns()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        var endless = new SqlQuery("SELECT count(*) FROM range(100000000) a(i), range(100000000) b(i) WHERE a.i + b.i = 3") { Timeout = TimeSpan.FromSeconds(0.3) };

        SqlQueryException error = await Should.ThrowAsync<SqlQueryException>(() => node.Get<ISqlQueries>().QueryAsync(endless));

        error.Fault.ShouldBe(SqlFault.Limit);
        error.Message.ShouldContain("was stopped after 00:00:00.3");
        (await RowsAsync(node, "SELECT 1")).ShouldBe([[1L]]);
    }

    [Fact]
    public async Task QueryAsync_CallerGivesUp_IsCancelled()
    {
        await using StoreNode node = await StoreNode.StartAsync();
        using var stop = new CancellationTokenSource();
        Task<SqlResult> query = node.Get<ISqlQueries>().QueryAsync(new SqlQuery("SELECT count(*) FROM range(100000000) a(i), range(100000000) b(i) WHERE a.i + b.i = 3"), stop.Token);
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => query);
    }

    [Theory]
    [InlineData("SELECT count(*) FROM (SELECT i FROM range(30000000) t(i) GROUP BY i)")]
    [InlineData("SELECT length(string_agg('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '')) FROM range(20000000)")]
    public async Task QueryAsync_NeedsTooMuchMemory_IsStopped(string sql)
    {
        await using StoreNode node = await StoreNode.StartAsync(settings: ["Store:Sql:Memory=32 MB", "Store:Sql:Spill=1 MB", "Store:Sql:Timeout=00:10:00"]);

        SqlQueryException error = await FailAsync(node, sql);

        error.Fault.ShouldBe(SqlFault.Limit);
        error.Message.ShouldContain("needs more than 32 MB of memory");
    }

    [Theory]
    [InlineData("SELECT forse\nFROM \"plant.press\"", 1, 8, "forse")]
    [InlineData("SELECT force\nFROM \"plant.pres\"", 2, 6, "There is no feed 'plant.pres'. Feeds: \"plant.press\"")]
    [InlineData("SELECT force\n  FRM \"plant.press\"", 2, 7, "syntax error")]
    [InlineData("SELECT 'ä', force\n  + part FROM \"plant.press\"", 2, 3, "+(DOUBLE, VARCHAR)")]
    [InlineData("SELECT median(force) FROM \"plant.press\"", 1, 8, "The function 'median' is not offered")]
    [InlineData("FROM plant.press", 1, 6, "quoted as a whole: \"plant.press\"")]
    public async Task QueryAsync_Wrong_ShowsWhere(string sql, int line, int column, string reason)
    {
        await using StoreNode node = await PressAsync();

        SqlQueryException error = await FailAsync(node, sql);

        (error.Line, error.Column).ShouldBe((line, column));
        error.Message.ShouldStartWith($"Line {line}, column {column}: ");
        error.Message.ShouldContain(reason);
        error.Message.ShouldEndWith($"\n{sql.Split('\n')[line - 1]}\n{new string(' ', column - 1)}^");
    }

    [Fact]
    public async Task QueryAsync_FailsOnARecord_SaysOnWhat()
    {
        await using StoreNode node = await PressAsync();

        SqlQueryException error = await FailAsync(node, "SELECT CAST(part AS INTEGER) FROM \"plant.press\"");

        error.Fault.ShouldBe(SqlFault.Failed);
        error.Message.ShouldContain("Could not convert string 'p1'");
    }

    [Fact]
    public async Task QueryAsync_BrokenFile_IsSetAsideAndTheRestAnswers()
    {
        await using StoreNode node = await PressAsync();
        await File.WriteAllTextAsync(Path.Combine(node.Feeds, node.Files().ShouldHaveSingleItem()), "no Parquet");

        (await RowsAsync(node, "SELECT count(*) FROM \"plant.press\"")).ShouldBe([[2L]]);
        node.Logs.Texts(1004).ShouldHaveSingleItem();
    }

    internal static async Task<StoreNode> PressAsync()
    {
        StoreNode node = await StoreNode.StartAsync();
        FeedSchema press = await node.DeclareAsync("plant.press", ("part", FieldType.Text), ("force", FieldType.Float64));
        await node.CommitAsync(press, (1, ["p1", 10.0]), (2, ["p2", 20.0]));
        await node.Closer.CloseAllAsync();
        await node.CommitAsync(press, (3, ["p3", 30.0]), (4, ["p4", 40.0]));
        return node;
    }

    internal static async Task<SqlQueryException> FailAsync(StoreNode node, string sql) => await Should.ThrowAsync<SqlQueryException>(() => RowsAsync(node, sql));

    internal static async Task<List<object?[]>> RowsAsync(StoreNode node, string sql)
    {
        await using SqlResult result = await node.Get<ISqlQueries>().QueryAsync(new SqlQuery(sql));
        return await ReadAsync(result);
    }

    private static async Task<List<object?[]>> ReadAsync(SqlResult result)
    {
        var rows = new List<object?[]>();
        await foreach (RecordBatch batch in result.ReadAsync())
        {
            using (batch)
            {
                for (int row = 0; row < batch.Count; row++)
                    rows.Add([.. Enumerable.Range(0, batch.Schema.Fields.Count).Select(c => batch.Column(c).GetValue(row))]);
            }
        }

        return rows;
    }
}

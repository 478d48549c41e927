using Mlops.Data;
using Mlops.Store.AdHoc;
using Mlops.Store.Catalog;
using Mlops.Store.Queries;

namespace Mlops.Tests.Store.AdHoc;

/// <summary>Attempts to reach something else than the named feeds, first against the check of the text, then against the engine behind it.</summary>
public sealed class SqlEscapeTests : IClassFixture<SqlEscapeTests.Filled>
{
    private readonly Filled _filled;

    public SqlEscapeTests(Filled filled) => _filled = filled;

    /// <summary>Attempts; SECRET stands for a file outside of the store, OTHER for a segment of another feed, OUT for a file that does not exist.</summary>
    public static TheoryData<string> Attempts => [
        "SELECT * FROM 'SECRET'",
        "SELECT * FROM \"SECRET\"",
        "FROM read_text('SECRET')",
        "FROM read_blob('SECRET')",
        "FROM read_csv('SECRET')",
        "FROM read_csv_auto('SECRET')",
        "FROM sniff_csv('SECRET')",
        "FROM read_json('SECRET')",
        "FROM read_json_objects('SECRET')",
        "FROM read_ndjson('SECRET')",
        "FROM read_parquet('OTHER')",
        "FROM 'OTHER'",
        "FROM parquet_scan('OTHER')",
        "FROM parquet_metadata('OTHER')",
        "FROM parquet_schema('OTHER')",
        "FROM parquet_kv_metadata('OTHER')",
        "FROM read_duckdb('SECRET')",
        "FROM glob('/*')",
        "FROM query('SELECT 1')",
        "FROM query_table('mine')",
        "FROM query_table(['mine', 'SECRET'])",
        "FROM mine, LATERAL (FROM read_text('SECRET'))",
        "SELECT (SELECT content FROM read_text('SECRET'))",
        "SELECT * FROM mine WHERE a IN (SELECT size FROM read_text('SECRET'))",
        "WITH t AS (FROM read_text('SECRET')) FROM t",
        "WITH \"SECRET\" AS (SELECT 1) FROM (FROM \"SECRET\")",
        "SELECT 1 UNION ALL SELECT content FROM read_text('SECRET')",
        "VALUES ((SELECT max(content) FROM read_text('SECRET')))",
        "SELECT sum(a) OVER (ORDER BY (SELECT max(size) FROM read_text('SECRET'))) FROM mine",
        "SELECT sum(a) FILTER (a > (SELECT max(size) FROM read_text('SECRET'))) FROM mine",
        "SELECT a FROM mine ORDER BY (SELECT max(size) FROM read_text('SECRET'))",
        "SELECT a FROM mine LIMIT (SELECT max(size) FROM read_text('SECRET'))",
        "SELECT a FROM mine GROUP BY ALL HAVING a > (SELECT max(size) FROM read_text('SECRET'))",
        "SELECT a FROM mine QUALIFY row_number() OVER () > (SELECT max(size) FROM read_text('SECRET'))",
        "SELECT list_transform([1], lambda x: (SELECT max(size) FROM read_text('SECRET')))",
        "SELECT CASE WHEN true THEN (SELECT max(content) FROM read_text('SECRET')) END",
        "PIVOT (FROM read_text('SECRET')) ON filename USING max(size)",
        "UNPIVOT (FROM read_text('SECRET')) ON size",
        "DESCRIBE (FROM read_text('SECRET'))",
        "SUMMARIZE (FROM read_text('SECRET'))",
        "SHOW TABLES",
        "SHOW ALL TABLES",
        "EXPLAIN SELECT 1",
        "EXPLAIN ANALYZE FROM read_text('SECRET')",
        "COPY mine TO 'OUT'",
        "COPY (SELECT 1) TO 'OUT' (FORMAT parquet)",
        "COPY mine FROM 'SECRET'",
        "EXPORT DATABASE 'OUT'",
        "IMPORT DATABASE 'OUT'",
        "ATTACH 'OUT' AS x",
        "DETACH memory",
        "INSTALL httpfs",
        "LOAD httpfs",
        "LOAD 'OUT'",
        "FORCE INSTALL icu FROM 'http://127.0.0.1:1/'",
        "PRAGMA version",
        "PRAGMA database_list",
        "SET memory_limit = '10GB'",
        "SET GLOBAL enable_external_access = true",
        "RESET memory_limit",
        "SET VARIABLE x = 1",
        "CALL pragma_version()",
        "CREATE TABLE x AS SELECT 1",
        "CREATE SECRET s (TYPE s3)",
        "CREATE MACRO m() AS 1",
        "CREATE VIEW v AS FROM read_text('SECRET')",
        "INSERT INTO mine SELECT * FROM mine",
        "UPDATE mine SET a = 1",
        "DELETE FROM mine",
        "DROP VIEW mine",
        "ALTER VIEW mine RENAME TO x",
        "VACUUM",
        "CHECKPOINT",
        "BEGIN",
        "PREPARE p AS SELECT 1",
        "EXECUTE p",
        "SELECT 1; COPY mine TO 'OUT'",
        "SELECT 1; SELECT 2",
        ";",
        "",
        "SELECT ?",
        "SELECT $1",
        "SELECT getenv('PATH')",
        "SELECT current_setting('temp_directory')",
        "SELECT getvariable('x')",
        "SELECT sleep_ms(100000)",
        "SELECT write_log('x')",
        "SELECT nextval('s')",
        "SELECT setseed(0.5)",
        "SELECT current_query()",
        "SELECT json_execute_serialized_sql('{}')",
        "FROM json_execute_serialized_sql('{}')",
        "SELECT json_serialize_sql('SELECT 1')",
        "SELECT system.main.getenv('PATH')",
        "SELECT pg_catalog.pg_get_viewdef(1)",
        "FROM duckdb_settings()",
        "FROM duckdb_secrets()",
        "FROM duckdb_views()",
        "FROM duckdb_logs()",
        "FROM enable_logging()",
        "FROM pragma_database_size()",
        "FROM information_schema.tables",
        "FROM pg_catalog.pg_class",
        "FROM sqlite_master",
        "FROM duckdb_tables",
        "FROM system.information_schema.tables",
        "FROM temp.main._log_1",
        "FROM _log_1",
        "FROM which_secret('x', 's3')",
        "FROM repeat_row(1, num_rows = 1000000000)",
        "FROM seq_scan('mine')",
        "FROM test_all_types()",
        "SELECT repeat('x', 1000000000)",
        "SELECT lpad('x', 1000000000, 'y')",
        "SELECT replace(replace('aaaaaaaaaa', 'a', 'aaaaaaaaaa'), 'a', 'aaaaaaaaaa')",
        "SELECT printf('%1000000000d', 1)",
        "SELECT format('{:1000000000d}', 1)",
        "SELECT bar(1, 0, 1, 1000000000)",
        "SELECT range(1000000000)",
        "SELECT list_resize([1], 1000000000)",
        "WITH RECURSIVE t AS (SELECT 'x' AS s UNION ALL SELECT s || s FROM t) SELECT max(s) FROM t",
        "WITH a AS (SELECT 'xxxxxxxx' AS s), b AS (SELECT s || s || s || s AS s FROM a), c AS (SELECT s || s || s || s AS s FROM b), d AS (SELECT s || s || s || s AS s FROM c) SELECT s FROM d",
        "SELECT median(a) FROM mine",
        "SELECT mode(a) FROM mine",
        "SELECT count(DISTINCT a) OVER (ORDER BY a) FROM mine",
        "SELECT a FROM mine AT (VERSION => 1)",
        "SELECT * FROM mine\0",
    ];

    [Theory]
    [MemberData(nameof(Attempts))]
    public async Task QueryAsync_AnythingButFeeds_IsRefused(string attempt)
    {
        string sql = _filled.Fill(attempt);

        SqlQueryException error = await SqlQueriesTests.FailAsync(_filled.Node!, sql);

        error.Message.ShouldNotContain(Filled.Secret);
        error.Fault.ShouldBeOneOf(SqlFault.Refused, SqlFault.Wrong);
        File.Exists(_filled.Out).ShouldBeFalse();
        Directory.Exists(_filled.Out).ShouldBeFalse();
    }

    [Theory]
    [InlineData("FROM read_text('SECRET')")]
    [InlineData("FROM 'SECRET'")]
    [InlineData("FROM read_parquet('OTHER')")]
    [InlineData("FROM glob('/*')")]
    [InlineData("COPY (SELECT 1) TO 'OUT'")]
    [InlineData("ATTACH 'OUT' AS x")]
    [InlineData("INSTALL httpfs")]
    [InlineData("LOAD httpfs")]
    [InlineData("SET GLOBAL enable_external_access = true")]
    [InlineData("SET memory_limit = '10GB'")]
    [InlineData("SET GLOBAL allowed_paths = ['SECRET']")]
    [InlineData("SET lock_configuration = false")]
    [InlineData("EXPORT DATABASE 'OUT'")]
    public void Engine_WithoutTheCheck_StillRefuses(string attempt)
    {
        using SqlSession session = _filled.Open("mine");

        Should.Throw<DuckDb.DuckDbException>(() => session.Connection.Execute(_filled.Fill(attempt)));
        File.Exists(_filled.Out).ShouldBeFalse();
        Directory.Exists(_filled.Out).ShouldBeFalse();
    }

    [Theory]
    [InlineData("SELECT a, CAST(a AS DECIMAL(10, 2)), a::VARCHAR FROM mine WHERE a BETWEEN 0 AND 3 ORDER BY a LIMIT 1")]
    [InlineData("WITH t AS (SELECT a % 2 AS g, avg(a) AS m FROM mine GROUP BY ALL) SELECT * FROM t JOIN other ON t.m >= other.b")]
    [InlineData("SELECT time_bucket(INTERVAL 1 MINUTE, _timestamp::TIMESTAMP), count(*) FILTER (a > 1), list(a) FROM mine GROUP BY 1")]
    [InlineData("SELECT a, lag(a) OVER (PARTITION BY a ORDER BY _timestamp ROWS 2 PRECEDING) FROM mine QUALIFY row_number() OVER () < 9")]
    [InlineData("SELECT * EXCLUDE (a), COLUMNS('a') FROM mine USING SAMPLE 10")]
    [InlineData("SELECT u FROM (SELECT unnest([1, 2]) AS u), range(2), (VALUES (1), (2)) v(x) WHERE EXISTS (FROM mine) AND u IN (SELECT 1)")]
    [InlineData("SELECT DISTINCT ON (a) a FROM mine UNION ALL BY NAME SELECT b FROM other LIMIT 5")]
    [InlineData("SELECT a FROM mine EXCEPT SELECT 5 INTERSECT SELECT 6")]
    [InlineData("SELECT CASE a WHEN 1 THEN 'x' ELSE NULL END, a IS DISTINCT FROM 3, [1, 2][1], {'k': a}.k, date_trunc('day', _timestamp), now() > _timestamp::TIMESTAMPTZ FROM mine")]
    [InlineData("SELECT a, count(*), grouping_id(a) FROM mine GROUP BY ROLLUP (a)")]
    public async Task QueryAsync_OrdinarySql_Runs(string sql) =>
        (await SqlQueriesTests.RowsAsync(_filled.Node!, sql)).ShouldNotBeNull();

    public sealed class Filled : IAsyncLifetime
    {
        internal const string Secret = "top-secret-4711";
        private readonly string _folder = Directory.CreateTempSubdirectory("mlops-escape-").FullName;

        internal StoreNode? Node { get; private set; }

        internal string Out => Path.Combine(_folder, "out");

        public async Task InitializeAsync()
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, "secret.csv"), $"a\n{Secret}\n");
            Node = await StoreNode.StartAsync();
            await Node.CommitAsync(await Node.DeclareAsync("mine", ("a", FieldType.Int64)), (1, [1L]), (2, [2L]));
            await Node.CommitAsync(await Node.DeclareAsync("other", ("b", FieldType.Int64)), (1, [1L]));
            await Node.Closer.CloseAllAsync();
        }

        public async Task DisposeAsync()
        {
            await Node!.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }

        internal string Fill(string attempt) => attempt
            .Replace("SECRET", Path.Combine(_folder, "secret.csv"), StringComparison.Ordinal)
            .Replace("OTHER", Path.Combine(Node!.Feeds, Node.Files().Single(f => f.StartsWith("other", StringComparison.Ordinal))), StringComparison.Ordinal)
            .Replace("OUT", Out, StringComparison.Ordinal);

        internal SqlSession Open(string feed)
        {
            FeedCatalog catalog = Node!.Store.Catalog;
            return SqlSession.Open(Node.Database, Node.Get<QueryEngine>(), new SqlOptions(), 1, [FeedTable.Find(catalog, feed).Table!]);
        }
    }
}

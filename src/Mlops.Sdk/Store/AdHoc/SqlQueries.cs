using System.Globalization;
using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.DuckDb;
using Mlops.Store.Queries;

namespace Mlops.Store.AdHoc;

/// <inheritdoc/>
internal sealed class SqlQueries(FeedStore store, NodeDatabase catalog, QueryEngine engine, IOptions<SqlOptions> options, IOptions<StoreOptions> storeOptions, TimeProvider time) : ISqlQueries, IDisposable
{
    private const int MaxAttempts = 3;
    private readonly SemaphoreSlim _turns = new(options.Value.Concurrency);

    public async Task<SqlResult> QueryAsync(SqlQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        SqlOptions limits = options.Value;
        long rows = query.RowLimit ?? limits.RowLimit;
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 0, nameof(query));
        TimeSpan timeout = query.Timeout is { } asked && asked < limits.Timeout ? asked : limits.Timeout;
        var run = new SqlRun(query.Text, timeout, limits, time, _turns, cancellationToken);
        try
        {
            await run.WaitForTurnAsync().ConfigureAwait(false);
            for (int attempt = 1; ; attempt++)
            {
                (string body, IReadOnlyList<FeedTable> tables) = await run.DoAsync(() => Check(query.Text)).ConfigureAwait(false);
                try
                {
                    return await run.DoAsync(() => Start(run, body, tables, rows)).ConfigureAwait(false);
                }
                catch (Exception e) when (attempt < MaxAttempts && e.InnerException is DuckDbException inner && SqlRun.IsOfStorage(inner))
                {
                    // A file was broken, or became part of a larger one meanwhile.
                    run.Reset();
                    bool helped = false;
                    foreach (FeedSource source in tables.SelectMany(t => t.Sources))
                        helped |= await source.SetBrokenAsideAsync(store.SetAside, files: true).ConfigureAwait(false);
                    if (!helped)
                        throw;
                }
            }
        }
        catch (OperationCanceledException e) when (run.Timeout(e) is { } fault)
        {
            run.Dispose();
            throw fault;
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    public void Dispose() => _turns.Dispose();

    private (string Body, IReadOnlyList<FeedTable> Tables) Check(string text)
    {
        using QuerySession parser = engine.Open();
        SqlStatement statement = SqlStatement.Check(parser.Connection, text);
        var tables = new List<FeedTable>();
        foreach ((string name, int? position) in statement.Tables)
        {
            (FeedTable? table, string? problem) = FeedTable.Find(store.Catalog, name);
            tables.Add(table ?? throw new SqlQueryException(SqlFault.Wrong, problem!, text, position));
        }

        return (statement.Body, tables);
    }

    private SqlResult Start(SqlRun run, string text, IReadOnlyList<FeedTable> tables, long rows)
    {
        SqlSession session = run.Session = SqlSession.Open(catalog, engine, options.Value, storeOptions.Value.QueryThreads, tables);

        // The line break ends a comment that the text may end with.
        string body = $"(\n{text}\n)";
        IReadOnlyList<(SqlColumn Column, string Cast)> columns;
        using (DuckDbResult described = session.Connection.Query(run.Place("SELECT * FROM (\n", $"SELECT * FROM {body} LIMIT 0"), run.Token))
            columns = ResultColumns.Of(described);
        string[] names = [.. columns.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"c{i}"))];
        string values = string.Join(", ", columns.Zip(names, (c, name) => string.Format(CultureInfo.InvariantCulture, c.Cast, name)));
        string before = $"SELECT {values} FROM ";
        DuckDbResult result = session.Connection.Query(run.Place($"{before}(\n", $"{before}{body} AS result({string.Join(", ", names)})"), run.Token);
        return new SqlResult(run, result, new FeedSchema("sql", columns.Select(c => new FeedField(c.Column.Name, c.Column.Type))), rows);
    }
}

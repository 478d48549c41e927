using System.Runtime.CompilerServices;
using Mlops.Data;
using Mlops.DuckDb;
using Mlops.Store.Queries;

namespace Mlops.Store.AdHoc;

/// <summary>The result of a statement, streamed. Read it once and dispose of it: it holds the statement's engine. For one reader.</summary>
public sealed class SqlResult : IAsyncDisposable
{
    private const int BatchRows = 4096;
    private readonly SqlRun _run;
    private readonly RecordResult _rows;
    private readonly long _limit;
    private bool _started;

    internal SqlResult(SqlRun run, DuckDbResult rows, FeedSchema schema, long limit)
    {
        _run = run;
        _limit = limit;
        _rows = new RecordResult(rows, new RecordBatchBuilder(schema, 256));
        Schema = schema;
        Columns = [.. schema.Fields.Select(f => new SqlColumn(f.Name, f.Type))];
    }

    /// <summary>Gets the columns.</summary>
    public IReadOnlyList<SqlColumn> Columns { get; }

    /// <summary>Gets the schema of the batches, under the name <c>sql</c>.</summary>
    public FeedSchema Schema { get; }

    /// <summary>Gets how many rows were read so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Gets a value indicating whether there were more rows than the limit; known after the last batch.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Reads the rows in their order.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Batches of up to about 6,000 rows, whose positions are the rows' numbers from 1 and whose times are zero; the caller disposes each.</returns>
    /// <exception cref="SqlQueryException">The statement failed or reached a limit on the way.</exception>
    /// <exception cref="IOException">Stored data cannot be read for now.</exception>
    /// <exception cref="InvalidOperationException">It was read before.</exception>
    public async IAsyncEnumerable<RecordBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (_started)
            throw new InvalidOperationException("A result is read once. Run the statement again.");
        _started = true;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RecordBatch? batch = await _run.DoAsync(() => _rows.Next(BatchRows)).ConfigureAwait(false);
            if (batch is null)
                yield break;
            if (Rows + batch.Count > _limit)
            {
                IsTruncated = true;
                batch = First(batch, (int)(_limit - Rows));
                if (batch is null)
                    yield break;
            }

            Rows += batch.Count;
            yield return batch;
            if (IsTruncated)
                yield break;
        }
    }

    /// <summary>Ends the statement and gives its memory back.</summary>
    /// <returns>Completes once it has.</returns>
    public ValueTask DisposeAsync()
    {
        _rows.Dispose();
        _run.Dispose();
        return ValueTask.CompletedTask;
    }

    private static RecordBatch? First(RecordBatch batch, int count)
    {
        using (batch)
        {
            if (count == 0)
                return null;
            var builder = new RecordBatchBuilder(batch.Schema, count);
            builder.Append(batch, 0, count);
            return builder.Build();
        }
    }
}

using Mlops.DuckDb.Native;

namespace Mlops.DuckDb;

/// <summary>
/// A connection: its own transaction and temporary tables, one statement at a time. For one thread at a time, except
/// <see cref="Interrupt"/> and cancellation, which may come from any.
/// </summary>
public sealed class DuckDbConnection : IDisposable
{
    private readonly ConnectionHandle _handle;
    private DuckDbResult? _streaming;
    private volatile bool _interruptAsked;

    internal DuckDbConnection(ConnectionHandle handle) => _handle = handle;

    internal ConnectionHandle Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
            return _handle;
        }
    }

    /// <summary>Runs one statement or a script of several, separated by semicolons; results of queries are dropped.</summary>
    /// <param name="sql">The SQL text, without parameters.</param>
    /// <param name="cancellation">Stops the running statement; those before it stay done.</param>
    /// <returns>How many rows all statements together inserted, changed, deleted or copied.</returns>
    /// <exception cref="ArgumentException">The text contains U+0000.</exception>
    /// <exception cref="DuckDbException">A statement is wrong or failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled or interrupted.</exception>
    /// <exception cref="InvalidOperationException">A result of this connection is still being read.</exception>
    /// <exception cref="ObjectDisposedException">The connection is disposed.</exception>
    public long Execute(string sql, CancellationToken cancellation = default)
    {
        using var statements = Extract(sql, out var count);
        var changed = 0L;
        for (var i = 0UL; i < count; i++)
        {
            var state = Api.duckdb_prepare_extracted_statement(Handle, statements, i, out var prepared);
            using var statement = new DuckDbStatement(this, prepared, sql);
            statement.ThrowIfNotPrepared(state);
            changed += statement.Execute(cancellation);
        }

        return changed;
    }

    /// <summary>Runs one statement and streams its result. Dispose of the result before the connection's next statement.</summary>
    /// <param name="sql">The SQL text of exactly one statement, without parameters.</param>
    /// <param name="cancellation">Stops the statement, while it starts and while its result is read.</param>
    /// <exception cref="ArgumentException">The text contains U+0000.</exception>
    /// <exception cref="DuckDbException">The statement is wrong or failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled or interrupted.</exception>
    /// <exception cref="InvalidOperationException">A result of this connection is still being read.</exception>
    /// <exception cref="ObjectDisposedException">The connection is disposed.</exception>
    public DuckDbResult Query(string sql, CancellationToken cancellation = default)
    {
        using var statement = Prepare(sql);
        return statement.Query(cancellation);
    }

    /// <summary>Prepares one statement, to be run once or often with other parameter values (<c>?</c>, <c>$1</c> or <c>$name</c>).</summary>
    /// <param name="sql">The SQL text of exactly one statement; a second one is an error, so a parameterless text cannot smuggle one in.</param>
    /// <exception cref="ArgumentException">The text contains U+0000.</exception>
    /// <exception cref="DuckDbException">The statement is wrong.</exception>
    /// <exception cref="InvalidOperationException">A result of this connection is still being read.</exception>
    /// <exception cref="ObjectDisposedException">The connection is disposed.</exception>
    public DuckDbStatement Prepare(string sql)
    {
        CheckText(sql);
        ThrowIfBusy();
        var state = Api.duckdb_prepare(Handle, sql, out var prepared);
        var statement = new DuckDbStatement(this, prepared, sql);
        statement.ThrowIfNotPrepared(state);
        return statement;
    }

    /// <summary>Opens an appender, the fastest way to fill a table: column by column, a chunk of rows at a time.</summary>
    /// <param name="table">Name of an existing table, as it is, without quotes.</param>
    /// <param name="schema">Name of its schema; the default schema when null.</param>
    /// <exception cref="DuckDbException">There is no such table, or it has a column of a type that cannot be appended.</exception>
    /// <exception cref="InvalidOperationException">A result of this connection is still being read.</exception>
    /// <exception cref="ObjectDisposedException">The connection is disposed.</exception>
    public DuckDbAppender CreateAppender(string table, string? schema = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(table);
        ThrowIfBusy();
        var state = Api.duckdb_appender_create_ext(Handle, catalog: null, schema, table, out var appender);
        return DuckDbAppender.Open(this, appender, state, table);
    }

    /// <summary>Stops the statement that runs, from any thread; its caller gets <see cref="OperationCanceledException"/>. Nothing happens when none runs.</summary>
    /// <exception cref="ObjectDisposedException">The connection is disposed.</exception>
    public void Interrupt()
    {
        _interruptAsked = true;
        Api.duckdb_interrupt(Handle);
    }

    /// <summary>Closes the connection; an open transaction is rolled back. Its statements, results and appenders cannot be used any more.</summary>
    public void Dispose()
    {
        _streaming?.Dispose();
        _handle.Dispose();
    }

    /// <summary>Stops the running statement unless the connection is gone; for the cancellation callback, which must not throw into a canceller.</summary>
    internal void InterruptIfOpen()
    {
        try
        {
            _interruptAsked = true;
            if (!_handle.IsClosed) Api.duckdb_interrupt(_handle);
        }
        catch (ObjectDisposedException)
        {
            // Disposed between the question and the call: there is nothing left to stop.
        }
    }

    /// <summary>Throws while a result streams: DuckDB would close it silently as soon as the connection plans another statement.</summary>
    internal void ThrowIfBusy()
    {
        _ = Handle;
        if (_streaming is { } open)
            throw new InvalidOperationException($"The connection still streams the result of '{open.Statement}'. Dispose of that result first, or use another connection.");
    }

    /// <summary>A statement begins: what was interrupted before it does not count for it.</summary>
    internal void BeginStatement() => _interruptAsked = false;

    /// <summary>
    /// Makes the exception of a failed statement. A thread of the engine that fails interrupts the others, and theirs may be the error
    /// that is told: without anybody having asked for an interrupt it is a failure, never a cancellation.
    /// </summary>
    internal Exception Failure(EngineError error, string doing, string sql, CancellationToken cancellation)
    {
        if (!error.IsInterrupt) return error.ToException(doing, sql);
        return _interruptAsked || cancellation.IsCancellationRequested ? DuckDbStatement.Interrupted(sql, cancellation) : EngineError.LostReason(doing, sql);
    }

    internal void BeginStreaming(DuckDbResult result) => _streaming = result;

    internal void EndStreaming(DuckDbResult result)
    {
        if (ReferenceEquals(_streaming, result)) _streaming = null;
    }

    // The C API takes texts that end at the first zero: the rest would be dropped without a word.
    private static void CheckText(string sql)
    {
        ArgumentNullException.ThrowIfNull(sql);
        if (sql.Contains('\0', StringComparison.Ordinal)) throw new ArgumentException("SQL text must not contain the character U+0000. Bind it as a parameter's value.", nameof(sql));
    }

    private ExtractedHandle Extract(string sql, out ulong count)
    {
        CheckText(sql);
        ThrowIfBusy();
        count = Api.duckdb_extract_statements(Handle, sql, out var statements);
        if (count == 0 && Api.Text(Api.duckdb_extract_statements_error(statements)) is { } error)
        {
            statements.Dispose();
            throw EngineError.Parse(error).ToException("parse the statement", sql);
        }

        return statements;
    }
}

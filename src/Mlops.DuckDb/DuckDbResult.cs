using Mlops.DuckDb.Native;

namespace Mlops.DuckDb;

/// <summary>
/// The streamed result of a statement, read forward chunk by chunk. While it is open the connection takes no other statement;
/// reading it to the end or disposing of it frees the connection. For one thread at a time.
/// </summary>
public sealed class DuckDbResult : IDisposable
{
    private readonly DuckDbConnection _connection;
    private readonly ResultHandle _handle;
    private readonly CancellationTokenRegistration _registration;
    private readonly CancellationToken _cancellation;
    private readonly ColumnInfo[] _columns;
    private DuckDbChunk? _chunk;
    private bool _ended;

    internal DuckDbResult(DuckDbConnection connection, ResultHandle handle, string statement, CancellationTokenRegistration registration, CancellationToken cancellation)
    {
        _connection = connection;
        _handle = handle;
        _registration = registration;
        _cancellation = cancellation;
        Statement = statement;
        _columns = new ColumnInfo[(int)Api.duckdb_column_count(handle)];
        for (var i = 0; i < _columns.Length; i++)
        {
            using var type = Api.duckdb_column_logical_type(handle, (ulong)i);
            _columns[i] = new ColumnInfo(Api.Text(Api.duckdb_column_name(handle, (ulong)i)) ?? "", DuckDb.ColumnType.Read(type));
        }

        connection.BeginStreaming(this);
    }

    /// <summary>Gets the number of columns.</summary>
    public int ColumnCount => _columns.Length;

    internal string Statement { get; }

    /// <summary>Gets the name of a column.</summary>
    /// <param name="column">The column, from 0.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such column.</exception>
    public string ColumnName(int column) => _columns[column].Name;

    /// <summary>Gets the type of a column.</summary>
    /// <param name="column">The column, from 0.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such column.</exception>
    public DuckDbType ColumnType(int column) => _columns[column].Type.Type;

    /// <summary>Gets the type of the elements of a LIST or ARRAY column; <see cref="DuckDbType.Invalid"/> for other columns.</summary>
    /// <param name="column">The column, from 0.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such column.</exception>
    public DuckDbType ElementType(int column) => _columns[column].Type.Element?.Type ?? DuckDbType.Invalid;

    /// <summary>Reads the next rows, up to 2048. The chunk before is disposed, and with it every vector and span that came from it.</summary>
    /// <returns>The rows, or null after the last.</returns>
    /// <exception cref="DuckDbException">The statement failed on the way.</exception>
    /// <exception cref="OperationCanceledException">The statement was cancelled or interrupted.</exception>
    /// <exception cref="ObjectDisposedException">The result or its connection is disposed.</exception>
    public DuckDbChunk? NextChunk()
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        _chunk?.Dispose();
        _chunk = null;
        if (_ended) return null;
        if (_cancellation.IsCancellationRequested) throw Fail(DuckDbStatement.Interrupted(Statement, _cancellation));

        var handle = _handle.Fetch();
        if (!handle.IsInvalid) return _chunk = new DuckDbChunk(handle, _columns);

        handle.Dispose();
        if (Api.Text(Api.duckdb_result_error(_handle)) is not { } text)
        {
            End();
            return null;
        }

        var error = EngineError.Parse(text);
        throw Fail(_connection.Failure(error, "go on with the statement", Statement, _cancellation));
    }

    /// <summary>Ends the statement, wherever it is, and frees the result.</summary>
    public void Dispose()
    {
        _chunk?.Dispose();
        _chunk = null;
        // The result goes before the connection is free for others: its release ends what still runs for it.
        _registration.Dispose();
        _handle.Dispose();
        End();
    }

    private Exception Fail(Exception error)
    {
        Dispose();
        return error;
    }

    private void End()
    {
        _ended = true;
        _registration.Dispose();
        _connection.EndStreaming(this);
    }
}

using System.Text;
using Mlops.DuckDb.Native;

namespace Mlops.DuckDb;

/// <summary>A prepared statement. Values of parameters stay bound from run to run until they are bound anew. For one thread at a time.</summary>
public sealed unsafe class DuckDbStatement : IDisposable
{
    private static readonly long EpochTicks = DateTime.UnixEpoch.Ticks;

    private readonly DuckDbConnection _connection;
    private readonly PreparedHandle _handle;
    private readonly string _sql;

    internal DuckDbStatement(DuckDbConnection connection, PreparedHandle handle, string sql)
    {
        _connection = connection;
        _handle = handle;
        _sql = sql;
    }

    /// <summary>Gets the number of parameters.</summary>
    /// <exception cref="ObjectDisposedException">The statement or its connection is disposed.</exception>
    public int ParameterCount => (int)Api.duckdb_nparams(Handle);

    private PreparedHandle Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
            _ = _connection.Handle;
            return _handle;
        }
    }

    /// <summary>Gets the name of a parameter: its number for <c>?</c> and <c>$1</c>, the name without <c>$</c> for <c>$name</c>.</summary>
    /// <param name="index">The parameter, from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such parameter.</exception>
    public string ParameterName(int index) => Api.TakeText(Api.duckdb_parameter_name(Handle, Checked(index))) ?? "";

    /// <summary>Gets the index, from 1, of a named parameter, for binding it often.</summary>
    /// <param name="name">The name, without <c>$</c>.</param>
    /// <exception cref="ArgumentException">There is no parameter of that name; the message lists the known.</exception>
    public int ParameterIndex(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (Api.duckdb_bind_parameter_index(Handle, out var index, name) == Api.Success) return (int)index;
        var known = string.Join(", ", Enumerable.Range(1, ParameterCount).Select(i => $"${ParameterName(i)}"));
        throw new ArgumentException($"The statement has no parameter '{name}'. Known: {(known.Length == 0 ? "none" : known)}. In: {_sql}", nameof(name));
    }

    /// <summary>Binds a BIGINT.</summary>
    /// <param name="index">The parameter, from 1.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such parameter.</exception>
    public void Bind(int index, long value) => Done(Api.duckdb_bind_int64(Handle, Checked(index), value), index);

    /// <inheritdoc cref="Bind(int, long)"/>
    /// <summary>Binds a DOUBLE.</summary>
    public void Bind(int index, double value) => Done(Api.duckdb_bind_double(Handle, Checked(index), value), index);

    /// <inheritdoc cref="Bind(int, long)"/>
    /// <summary>Binds a BOOLEAN.</summary>
    public void Bind(int index, bool value) => Done(Api.duckdb_bind_boolean(Handle, Checked(index), value), index);

    /// <inheritdoc cref="Bind(int, long)"/>
    /// <summary>Binds a VARCHAR, or NULL for null.</summary>
    public void Bind(int index, string? value)
    {
        if (value is null)
        {
            BindNull(index);
            return;
        }

        using var text = TextValue(value);
        Done(Api.duckdb_bind_value(Handle, Checked(index), text), index);
    }

    /// <inheritdoc cref="Bind(int, long)"/>
    /// <summary>Binds a BLOB.</summary>
    public void Bind(int index, ReadOnlySpan<byte> value)
    {
        // An empty span has no address, and the engine takes none for NULL.
        var none = (byte)0;
        fixed (byte* data = value) Done(Api.duckdb_bind_blob(Handle, Checked(index), data is null ? &none : data, (ulong)value.Length), index);
    }

    /// <inheritdoc cref="Bind(int, long)"/>
    /// <summary>Binds a TIMESTAMP_NS. Local times are made UTC; times of no kind are taken as UTC.</summary>
    /// <exception cref="OverflowException">The time lies outside 1677 … 2262, the range of nanoseconds in 64 bits.</exception>
    public void Bind(int index, DateTime value)
    {
        var utc = value.Kind == DateTimeKind.Local ? value.ToUniversalTime() : value;
        BindTimestamp(index, checked((utc.Ticks - EpochTicks) * 100));
    }

    /// <summary>Binds a TIMESTAMP_NS.</summary>
    /// <param name="index">The parameter, from 1.</param>
    /// <param name="nanoseconds">Nanoseconds since 1970 UTC.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such parameter.</exception>
    public void BindTimestamp(int index, long nanoseconds)
    {
        using var value = Api.duckdb_create_timestamp_ns(nanoseconds);
        Done(Api.duckdb_bind_value(Handle, Checked(index), value), index);
    }

    /// <summary>Binds a LIST of VARCHAR, for example the files of <c>read_parquet($files)</c>.</summary>
    /// <param name="index">The parameter, from 1.</param>
    /// <param name="texts">The elements.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such parameter.</exception>
    public void BindList(int index, IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var values = new ValueHandle[texts.Count];
        try
        {
            for (var i = 0; i < values.Length; i++) values[i] = TextValue(texts[i]);
            // One more than needed: an empty array has no address, which the engine would take for a mistake.
            var pointers = new nint[values.Length + 1];
            for (var i = 0; i < values.Length; i++) pointers[i] = values[i].DangerousGetHandle();
            using var type = Api.duckdb_create_logical_type(DuckDbType.Varchar);
            fixed (nint* first = pointers)
            {
                using var list = Api.duckdb_create_list_value(type, first, (ulong)values.Length);
                Done(Api.duckdb_bind_value(Handle, Checked(index), list), index);
            }
        }
        finally
        {
            foreach (var value in values) value?.Dispose();
        }
    }

    /// <summary>Binds NULL.</summary>
    /// <param name="index">The parameter, from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such parameter.</exception>
    public void BindNull(int index) => Done(Api.duckdb_bind_null(Handle, Checked(index)), index);

    /// <summary>Binds a BIGINT.</summary>
    /// <param name="name">The parameter's name, without <c>$</c>.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">There is no parameter of that name; the message lists the known.</exception>
    public void Bind(string name, long value) => Bind(ParameterIndex(name), value);

    /// <inheritdoc cref="Bind(string, long)"/>
    /// <summary>Binds a DOUBLE.</summary>
    public void Bind(string name, double value) => Bind(ParameterIndex(name), value);

    /// <inheritdoc cref="Bind(string, long)"/>
    /// <summary>Binds a BOOLEAN.</summary>
    public void Bind(string name, bool value) => Bind(ParameterIndex(name), value);

    /// <inheritdoc cref="Bind(string, long)"/>
    /// <summary>Binds a VARCHAR, or NULL for null.</summary>
    public void Bind(string name, string? value) => Bind(ParameterIndex(name), value);

    /// <inheritdoc cref="Bind(string, long)"/>
    /// <summary>Binds a BLOB.</summary>
    public void Bind(string name, ReadOnlySpan<byte> value) => Bind(ParameterIndex(name), value);

    /// <inheritdoc cref="Bind(string, long)"/>
    /// <summary>Binds a TIMESTAMP_NS. Local times are made UTC; times of no kind are taken as UTC.</summary>
    /// <exception cref="OverflowException">The time lies outside 1677 … 2262, the range of nanoseconds in 64 bits.</exception>
    public void Bind(string name, DateTime value) => Bind(ParameterIndex(name), value);

    /// <summary>Binds a TIMESTAMP_NS.</summary>
    /// <param name="name">The parameter's name, without <c>$</c>.</param>
    /// <param name="nanoseconds">Nanoseconds since 1970 UTC.</param>
    /// <exception cref="ArgumentException">There is no parameter of that name; the message lists the known.</exception>
    public void BindTimestamp(string name, long nanoseconds) => BindTimestamp(ParameterIndex(name), nanoseconds);

    /// <summary>Binds a LIST of VARCHAR, for example the files of <c>read_parquet($files)</c>.</summary>
    /// <param name="name">The parameter's name, without <c>$</c>.</param>
    /// <param name="texts">The elements.</param>
    /// <exception cref="ArgumentException">There is no parameter of that name; the message lists the known.</exception>
    public void BindList(string name, IReadOnlyList<string> texts) => BindList(ParameterIndex(name), texts);

    /// <summary>Binds NULL.</summary>
    /// <param name="name">The parameter's name, without <c>$</c>.</param>
    /// <exception cref="ArgumentException">There is no parameter of that name; the message lists the known.</exception>
    public void BindNull(string name) => BindNull(ParameterIndex(name));

    /// <summary>Forgets the values of all parameters.</summary>
    /// <exception cref="ObjectDisposedException">The statement or its connection is disposed.</exception>
    public void ClearBindings() => _ = Api.duckdb_clear_bindings(Handle);

    /// <summary>Runs the statement to its end; the result of a query is dropped.</summary>
    /// <param name="cancellation">Stops the statement.</param>
    /// <returns>How many rows it inserted, changed, deleted or copied.</returns>
    /// <exception cref="DuckDbException">The statement failed, or a parameter has no value.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled or interrupted.</exception>
    /// <exception cref="InvalidOperationException">A result of the connection is still being read.</exception>
    /// <exception cref="ObjectDisposedException">The statement or its connection is disposed.</exception>
    public long Execute(CancellationToken cancellation = default)
    {
        using var result = Run(streaming: false, cancellation, out var registration);
        registration.Dispose();
        return (long)Api.duckdb_rows_changed(result);
    }

    /// <summary>Runs the statement and streams its result, so that memory stays bounded whatever its size. Dispose of the result before the connection's next statement.</summary>
    /// <param name="cancellation">Stops the statement, while it starts and while its result is read.</param>
    /// <exception cref="DuckDbException">The statement failed, or a parameter has no value.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled or interrupted.</exception>
    /// <exception cref="InvalidOperationException">A result of the connection is still being read.</exception>
    /// <exception cref="ObjectDisposedException">The statement or its connection is disposed.</exception>
    public DuckDbResult Query(CancellationToken cancellation = default)
    {
        var result = Run(streaming: true, cancellation, out var registration);
        return new DuckDbResult(_connection, result, _sql, registration, cancellation);
    }

    /// <summary>Frees the statement. A result that it gave stays readable.</summary>
    public void Dispose() => _handle.Dispose();

    internal void ThrowIfNotPrepared(int state)
    {
        if (state == Api.Success) return;
        var error = EngineError.Parse(Api.Text(Api.duckdb_prepare_error(_handle)));
        Dispose();
        throw error.ToException("prepare the statement", _sql);
    }

    private ResultHandle Run(bool streaming, CancellationToken cancellation, out CancellationTokenRegistration registration)
    {
        cancellation.ThrowIfCancellationRequested();
        _connection.ThrowIfBusy();
        _connection.BeginStatement();
        var state = streaming
            ? Api.duckdb_pending_prepared_streaming(Handle, out var pending)
            : Api.duckdb_pending_prepared(Handle, out pending);
        using (pending)
        {
            if (state != Api.Success) throw EngineError.Parse(Api.Text(Api.duckdb_pending_error(pending))).ToException("start the statement", _sql);

            // Planning clears an earlier interrupt, so the token is heard from here on; one that is cancelled already interrupts at once.
            registration = cancellation.UnsafeRegister(static connection => ((DuckDbConnection)connection!).InterruptIfOpen(), _connection);
            var result = new ResultHandle();
            if (Api.duckdb_execute_pending(pending, result) == Api.Success) return result;
            var error = EngineError.Parse(Api.Text(Api.duckdb_result_error(result)));
            registration.Dispose();
            result.Dispose();
            throw _connection.Failure(error, "run the statement", _sql, cancellation);
        }
    }

    internal static OperationCanceledException Interrupted(string sql, CancellationToken cancellation) =>
        new($"The statement was interrupted: {sql}", cancellation);

    private static ValueHandle TextValue(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var utf8 = Encoding.UTF8.GetBytes(text);
        var none = (byte)0;
        fixed (byte* first = utf8) return Api.duckdb_create_varchar_length(first is null ? &none : first, (ulong)utf8.Length);
    }

    private ulong Checked(int index)
    {
        var count = ParameterCount;
        if (index < 1 || index > count)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"The statement has {count} parameter(s), numbered from 1. In: {_sql}");
        return (ulong)index;
    }

    private void Done(int state, int index)
    {
        if (state != Api.Success)
            throw EngineError.Parse(Api.Text(Api.duckdb_prepare_error(_handle))).ToException($"bind parameter {index}", _sql);
    }
}

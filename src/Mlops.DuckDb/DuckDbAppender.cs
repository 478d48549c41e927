using System.Text;
using System.Text.Unicode;
using Mlops.DuckDb.Native;

namespace Mlops.DuckDb;

/// <summary>
/// Fills a table in chunks of columns, without an object or a call a value: write rows 0 … n-1 of every column into the chunk, then
/// <see cref="AppendChunk"/>, again and again, at last <see cref="Flush"/>. For one thread at a time.
/// </summary>
/// <remarks>
/// Spans stay valid until the next <see cref="AppendChunk"/>. Rows that are not written hold what was there before for numbers, and are empty
/// for texts and lists. The table is filled by <see cref="Flush"/>, and on the way whenever about 200,000 rows have come together;
/// wrap it in a transaction for all or nothing.
/// </remarks>
public sealed unsafe class DuckDbAppender : IDisposable
{
    private readonly DuckDbConnection _connection;
    private readonly AppenderHandle _handle;
    private readonly string _table;
    private readonly ChunkHandle _chunk;
    private readonly AppenderColumn[] _columns;

    private DuckDbAppender(DuckDbConnection connection, AppenderHandle handle, string table, ChunkHandle chunk, AppenderColumn[] columns)
    {
        _connection = connection;
        _handle = handle;
        _table = table;
        _chunk = chunk;
        _columns = columns;
        ChunkCapacity = (int)Api.duckdb_vector_size();
        foreach (var column in _columns) column.Attach(_chunk, ChunkCapacity);
    }

    /// <summary>Gets how many rows a chunk holds, 2048.</summary>
    public int ChunkCapacity { get; }

    /// <summary>Gets the number of columns of the table.</summary>
    public int ColumnCount => _columns.Length;

    /// <summary>Gets the type of a column.</summary>
    /// <param name="column">The column, from 0.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such column.</exception>
    public DuckDbType ColumnType(int column) => _columns[column].Type.Type;

    /// <summary>Gets the chunk's memory for a column of fixed width, <see cref="ChunkCapacity"/> values.</summary>
    /// <typeparam name="T">What <see cref="DuckDbType"/> names for the column's type.</typeparam>
    /// <param name="column">The column, from 0.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such column.</exception>
    /// <exception cref="InvalidOperationException">The column's values are something else.</exception>
    /// <exception cref="ObjectDisposedException">The appender is disposed.</exception>
    public Span<T> Column<T>(int column) where T : unmanaged
    {
        var target = Open(column);
        if (!target.Type.IsStoredAs<T>()) throw Unsuitable(target, $"does not take {typeof(T).Name} values");
        return new Span<T>(target.Data, ChunkCapacity);
    }

    /// <summary>Gets the bitmap of a column's values that are not NULL, all set at first: bit <c>i % 64</c> of word <c>i / 64</c>, lowest first, as in Arrow.</summary>
    /// <param name="column">The column, from 0.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such column.</exception>
    /// <exception cref="ObjectDisposedException">The appender is disposed.</exception>
    public Span<ulong> Validity(int column) => new(Open(column).WritableValidity(), ChunkCapacity / 64);

    /// <summary>Makes a value NULL.</summary>
    /// <param name="column">The column, from 0.</param>
    /// <param name="row">The row of the chunk, from 0.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such column or row.</exception>
    /// <exception cref="ObjectDisposedException">The appender is disposed.</exception>
    public void SetNull(int column, int row)
    {
        Check(row);
        Validity(column)[row >> 6] &= ~(1UL << (row & 63));
    }

    /// <summary>Writes a VARCHAR, given as UTF-8. The bytes are copied.</summary>
    /// <param name="column">The column, from 0.</param>
    /// <param name="row">The row of the chunk, from 0.</param>
    /// <param name="utf8">The text.</param>
    /// <exception cref="ArgumentException">The bytes are not valid UTF-8, or there is no such row.</exception>
    /// <exception cref="InvalidOperationException">The column does not hold text.</exception>
    /// <exception cref="ObjectDisposedException">The appender is disposed.</exception>
    public void SetText(int column, int row, ReadOnlySpan<byte> utf8)
    {
        var target = Open(column);
        if (target.Type.Type != DuckDbType.Varchar) throw Unsuitable(target, "does not hold text");
        if (!Utf8.IsValid(utf8)) throw new ArgumentException($"The text for column {column} of table '{_table}' in row {row} is not valid UTF-8.", nameof(utf8));
        Check(row);
        AppenderColumn.SetBytes(target.Vector, target.Data, row, utf8);
    }

    /// <summary>Writes a VARCHAR, or NULL for null.</summary>
    /// <inheritdoc cref="SetText(int, int, ReadOnlySpan{byte})"/>
    /// <param name="column">The column, from 0.</param>
    /// <param name="row">The row of the chunk, from 0.</param>
    /// <param name="text">The text.</param>
    public void SetText(int column, int row, string? text)
    {
        if (text is null) SetNull(column, row);
        else SetText(column, row, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Writes a BLOB. The bytes are copied.</summary>
    /// <param name="column">The column, from 0.</param>
    /// <param name="row">The row of the chunk, from 0.</param>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="ArgumentException">There is no such row.</exception>
    /// <exception cref="InvalidOperationException">The column does not hold bytes.</exception>
    /// <exception cref="ObjectDisposedException">The appender is disposed.</exception>
    public void SetBlob(int column, int row, ReadOnlySpan<byte> bytes)
    {
        var target = Open(column);
        if (target.Type.Type != DuckDbType.Blob) throw Unsuitable(target, "does not hold bytes");
        Check(row);
        AppenderColumn.SetBytes(target.Vector, target.Data, row, bytes);
    }

    /// <summary>Writes a LIST whose elements have fixed width. The values are copied.</summary>
    /// <typeparam name="T">What <see cref="DuckDbType"/> names for the elements' type.</typeparam>
    /// <param name="column">The column, from 0.</param>
    /// <param name="row">The row of the chunk, from 0.</param>
    /// <param name="values">The elements.</param>
    /// <param name="validity">Which elements are not NULL, one bit each as in <see cref="Validity"/>; empty when all are not.</param>
    /// <exception cref="ArgumentException">There is no such row, or the bitmap is too short.</exception>
    /// <exception cref="InvalidOperationException">The column does not hold lists of that type.</exception>
    /// <exception cref="DuckDbException">The memory limit is reached.</exception>
    /// <exception cref="ObjectDisposedException">The appender is disposed.</exception>
    public void SetList<T>(int column, int row, ReadOnlySpan<T> values, ReadOnlySpan<ulong> validity = default) where T : unmanaged
    {
        var target = Open(column);
        if (target.Type.Type != DuckDbType.List || !target.Type.Element!.IsStoredAs<T>()) throw Unsuitable(target, $"does not take lists of {typeof(T).Name}");
        if (!validity.IsEmpty && validity.Length < (values.Length + 63) / 64) throw new ArgumentException($"{values.Length} elements need {(values.Length + 63) / 64} words of validity, not {validity.Length}.", nameof(validity));
        Check(row);
        var first = target.Reserve(row, values.Length);
        values.CopyTo(new Span<T>((T*)target.ElementData + first, values.Length));
        if (validity.IsEmpty) return;
        for (var i = 0; i < values.Length; i++)
            if ((validity[i >> 6] >> (i & 63) & 1) == 0) target.SetElementNull(first + i);
    }

    /// <summary>Writes a LIST of VARCHAR. The texts are copied.</summary>
    /// <param name="column">The column, from 0.</param>
    /// <param name="row">The row of the chunk, from 0.</param>
    /// <param name="texts">The elements; null makes a NULL.</param>
    /// <exception cref="ArgumentException">There is no such row.</exception>
    /// <exception cref="InvalidOperationException">The column does not hold lists of text.</exception>
    /// <exception cref="DuckDbException">The memory limit is reached.</exception>
    /// <exception cref="ObjectDisposedException">The appender is disposed.</exception>
    public void SetTextList(int column, int row, params ReadOnlySpan<string?> texts)
    {
        var target = Open(column);
        if (target.Type.Element?.Type != DuckDbType.Varchar || target.Type.Type != DuckDbType.List) throw Unsuitable(target, "does not take lists of text");
        Check(row);
        var first = target.Reserve(row, texts.Length);
        new Span<StringEntry>((StringEntry*)target.ElementData + first, texts.Length).Clear();
        for (var i = 0; i < texts.Length; i++)
        {
            if (texts[i] is { } text) AppenderColumn.SetBytes(target.ElementVector, target.ElementData, first + i, Encoding.UTF8.GetBytes(text));
            else target.SetElementNull(first + i);
        }
    }

    /// <summary>Adds the chunk's first rows to the table's end and empties the chunk.</summary>
    /// <param name="rowCount">How many rows were written, 0 to <see cref="ChunkCapacity"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The chunk does not hold so many rows.</exception>
    /// <exception cref="DuckDbException">A value breaks a constraint, or the memory limit is reached.</exception>
    /// <exception cref="InvalidOperationException">A result of the connection is still being read.</exception>
    /// <exception cref="ObjectDisposedException">The appender or its connection is disposed.</exception>
    public void AppendChunk(int rowCount)
    {
        if (rowCount < 0 || rowCount > ChunkCapacity) throw new ArgumentOutOfRangeException(nameof(rowCount), rowCount, $"A chunk holds 0 to {ChunkCapacity} rows.");
        Ready();
        if (rowCount > 0)
        {
            Api.duckdb_data_chunk_set_size(_chunk, (ulong)rowCount);
            ThrowIfFailed(Api.duckdb_append_data_chunk(_handle, _chunk));
        }

        Api.duckdb_data_chunk_reset(_chunk);
        foreach (var column in _columns) column.Attach(_chunk, ChunkCapacity);
    }

    /// <summary>Puts all appended rows into the table.</summary>
    /// <exception cref="DuckDbException">A value breaks a constraint, or the memory limit is reached; the rows not yet in the table are lost, and the appender is of no more use.</exception>
    /// <exception cref="InvalidOperationException">A result of the connection is still being read.</exception>
    /// <exception cref="ObjectDisposedException">The appender or its connection is disposed.</exception>
    public void Flush()
    {
        Ready();
        ThrowIfFailed(Api.duckdb_appender_flush(_handle));
    }

    /// <summary>Closes the appender. Rows that were not flushed are dropped.</summary>
    public void Dispose()
    {
        _handle.Dispose();
        _chunk.Dispose();
    }

    internal static DuckDbAppender Open(DuckDbConnection connection, AppenderHandle handle, int state, string table)
    {
        try
        {
            if (state != Api.Success) throw Failure(handle, table, "Catalog");
            var types = new LogicalTypeHandle[(int)Api.duckdb_appender_column_count(handle)];
            try
            {
                for (var i = 0; i < types.Length; i++) types[i] = Api.duckdb_appender_column_type(handle, (ulong)i);
                var columns = types.Select((type, i) => new AppenderColumn(i, DuckDb.ColumnType.Read(type))).ToArray();
                var pointers = types.Select(type => type.DangerousGetHandle()).ToArray();
                fixed (nint* first = pointers)
                    return new DuckDbAppender(connection, handle, table, Api.duckdb_create_data_chunk(first, (ulong)pointers.Length), columns);
            }
            finally
            {
                foreach (var type in types) type?.Dispose();
            }
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static DuckDbException Failure(AppenderHandle handle, string table, string plainType = "Appender")
    {
        using var error = Api.duckdb_appender_error_data(handle);
        return EngineError.Parse(Api.Text(Api.duckdb_error_data_message(error)), plainType).ToException($"append to table '{table}'", statement: null);
    }

    private AppenderColumn Open(int column)
    {
        ObjectDisposedException.ThrowIf(_chunk.IsClosed, this);
        return _columns[column];
    }

    private void Ready()
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        _connection.ThrowIfBusy();
    }

    private void Check(int row)
    {
        if ((uint)row >= (uint)ChunkCapacity) throw new ArgumentOutOfRangeException(nameof(row), row, $"A chunk has {ChunkCapacity} rows, numbered from 0.");
    }

    private void ThrowIfFailed(int state)
    {
        if (state != Api.Success) throw Failure(_handle, _table);
    }

    private InvalidOperationException Unsuitable(AppenderColumn column, string why) =>
        new($"Column {column.Index} of table '{_table}', of type {column.Type}, {why}.");
}

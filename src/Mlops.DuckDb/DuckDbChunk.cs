using Mlops.DuckDb.Native;

namespace Mlops.DuckDb;

/// <summary>
/// Some rows of a result, in columns. Belongs to its result: reading on or disposing of the result ends its life, and that of the
/// vectors and spans taken from it.
/// </summary>
public sealed class DuckDbChunk
{
    private readonly ChunkHandle _handle;
    private readonly ColumnInfo[] _columns;

    internal DuckDbChunk(ChunkHandle handle, ColumnInfo[] columns)
    {
        _handle = handle;
        _columns = columns;
        RowCount = (int)Api.duckdb_data_chunk_get_size(handle.DangerousGetHandle());
    }

    /// <summary>Gets the number of rows, 1 to 2048.</summary>
    public int RowCount { get; }

    /// <summary>Gets the number of columns.</summary>
    public int ColumnCount => _columns.Length;

    /// <summary>Gets a column. The vector points into the chunk's memory.</summary>
    /// <param name="column">The column, from 0.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such column.</exception>
    /// <exception cref="ObjectDisposedException">The result was read on or disposed.</exception>
    public DuckDbVector this[int column]
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
            var info = _columns[column];
            return new DuckDbVector(Api.duckdb_data_chunk_get_vector(_handle.DangerousGetHandle(), (ulong)column), info.Type, info.Name, RowCount);
        }
    }

    internal void Dispose() => _handle.Dispose();
}

using System.Runtime.InteropServices;
using Mlops.DuckDb.Native;

namespace Mlops.DuckDb;

/// <summary>A column of an appender's chunk: where its memory is now, and how far its list elements reach.</summary>
internal sealed unsafe class AppenderColumn(int index, ColumnType type)
{
    private int _elements;
    private int _elementCapacity;
    private ulong* _validity;

    internal int Index { get; } = index;

    internal ColumnType Type { get; } = type;

    internal nint Vector { get; private set; }

    internal void* Data { get; private set; }

    internal nint ElementVector { get; private set; }

    internal void* ElementData { get; private set; }

    private bool IsText => Type.Type is DuckDbType.Varchar or DuckDbType.Blob;

    /// <summary>
    /// Takes the addresses of a new or reset chunk. What must not be left to chance is cleared: entries with pointers, which would
    /// point to freed memory, and booleans, of which the engine knows only two.
    /// </summary>
    internal void Attach(ChunkHandle chunk, int capacity)
    {
        Vector = Api.duckdb_data_chunk_get_vector(chunk.DangerousGetHandle(), (ulong)Index);
        Data = Api.duckdb_vector_get_data(Vector);
        _validity = null;
        _elements = 0;
        _elementCapacity = 0;
        if (IsText || Type.Type == DuckDbType.List) NativeMemory.Clear(Data, (nuint)(capacity * sizeof(StringEntry)));
        if (Type.Type == DuckDbType.Boolean) NativeMemory.Clear(Data, (nuint)capacity);
    }

    internal ulong* WritableValidity()
    {
        if (_validity is null)
        {
            Api.duckdb_vector_ensure_validity_writable(Vector);
            _validity = Api.duckdb_vector_get_validity(Vector);
        }

        return _validity;
    }

    /// <summary>Makes room for the elements of a row's list and writes the row's entry.</summary>
    /// <returns>Index of the first element.</returns>
    internal int Reserve(int row, int count)
    {
        var first = _elements;
        var end = checked(first + count);
        if (end > _elementCapacity || ElementData is null)
        {
            var capacity = Math.Max(end, Math.Max(2048, (int)Math.Min(2L * _elementCapacity, Array.MaxLength)));
            if (Api.duckdb_list_vector_reserve(Vector, (ulong)capacity) != Api.Success)
                throw EngineError.Parse(null).ToException($"reserve {capacity} list elements", statement: null);
            _elementCapacity = capacity;
            ElementVector = Api.duckdb_list_vector_get_child(Vector);
            ElementData = Api.duckdb_vector_get_data(ElementVector);
        }

        _elements = end;
        _ = Api.duckdb_list_vector_set_size(Vector, (ulong)end);
        ((ListEntry*)Data)[row] = new ListEntry { Offset = (ulong)first, Length = (ulong)count };
        return first;
    }

    internal void SetElementNull(int element)
    {
        Api.duckdb_vector_ensure_validity_writable(ElementVector);
        Api.duckdb_vector_get_validity(ElementVector)[element >> 6] &= ~(1UL << (element & 63));
    }

    internal static void SetBytes(nint vector, void* data, int row, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= StringEntry.InlineLength)
        {
            StringEntry.SetInline((StringEntry*)data + row, bytes);
            return;
        }

        fixed (byte* first = bytes) Api.duckdb_vector_assign_string_element_len(vector, (ulong)row, first, (ulong)bytes.Length);
    }
}

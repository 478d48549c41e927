namespace Mlops.Data;

/// <summary>
/// Fills batches of one feed row by row or column by column, and hands them out. Not thread-safe. The memory of a batch comes
/// back for reuse when its last reference is disposed, so steady traffic allocates nothing but the batch object.
/// </summary>
public sealed unsafe partial class RecordBatchBuilder
{
    private readonly BatchMemoryPool _pool;
    private readonly int _initialCapacity;
    private BatchMemory? _memory;
    private int _row = -1;

    /// <summary>Creates a builder.</summary>
    /// <param name="schema">The schema of the batches.</param>
    /// <param name="capacity">Rows for which memory is taken at first; it grows by doubling.</param>
    public RecordBatchBuilder(FeedSchema schema, int capacity = 64)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Schema = schema;
        _pool = new BatchMemoryPool(schema, capacity);
        _initialCapacity = capacity;
    }

    /// <summary>Gets the schema of the batches.</summary>
    public FeedSchema Schema { get; }

    /// <summary>Gets the number of finished rows.</summary>
    public int Count { get; private set; }

    /// <summary>Appends rows of another batch of the same column types, with their positions.</summary>
    /// <param name="source">The batch.</param>
    /// <param name="start">First row.</param>
    /// <param name="count">Number of rows.</param>
    /// <exception cref="ArgumentException">The batch has other columns.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The batch has no such rows.</exception>
    public void Append(RecordBatch source, int start, int count)
    {
        ArgumentNullException.ThrowIfNull(source);
        RequireSameColumns(source);
        int first = Count;
        BatchMemory memory = Reserve(checked(first + count));
        source.Positions.Slice(start, count).CopyTo(new Span<long>(memory.Positions + first, count));
        source.Timestamps.Slice(start, count).CopyTo(new Span<long>(memory.Timestamps + first, count));
        source.Received.Slice(start, count).CopyTo(new Span<long>(memory.Received + first, count));
        source.Arrivals.Slice(start, count).CopyTo(new Span<long>(memory.Arrivals + first, count));
        source.Sequences.Slice(start, count).CopyTo(new Span<long>(memory.Sequences + first, count));
        source.RecordSequences.Slice(start, count).CopyTo(new Span<long>(memory.RecordSequences + first, count));
        source.Qualities.Slice(start, count).CopyTo(new Span<byte>(memory.Qualities + first, count));
        for (int c = 0; c < memory.Columns.Length; c++)
            memory.Columns[c].CopyFrom(source.Column(c).Buffer, start, count, first);
        Count = first + count;
        _row = -1;
    }

    /// <summary>Forgets finished rows from the end.</summary>
    /// <param name="count">How many rows stay.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer rows.</exception>
    public void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        Count = count;
        _row = -1;
    }

    /// <summary>Hands the finished rows out as a batch, with the positions that the rows have, and starts an empty one.</summary>
    /// <returns>The batch; the caller disposes it.</returns>
    public RecordBatch Build()
    {
        BatchMemory memory = Reserve(Count);
        foreach (ColumnBuffer column in memory.Columns)
            column.Finish(Count);
        var batch = new RecordBatch(Schema, memory, Count);
        _memory = null;
        Count = 0;
        _row = -1;
        return batch;
    }

    /// <summary>Hands the finished rows out as a batch with consecutive positions, and starts an empty one.</summary>
    /// <param name="firstPosition">Position of the first row.</param>
    /// <returns>The batch; the caller disposes it.</returns>
    public RecordBatch Build(long firstPosition)
    {
        Span<long> positions = Positions;
        for (int i = 0; i < positions.Length; i++)
            positions[i] = firstPosition + i;
        return Build();
    }

    /// <summary>
    /// Forgets all rows and frees the memory that is kept for batches to come; that of batches which are still in use is freed with their
    /// last reference. For builders that have served: one that is only dropped keeps its memory until the garbage collector finds it.
    /// </summary>
    public void Close()
    {
        _memory?.Dispose();
        _memory = null;
        Count = 0;
        _row = -1;
        _pool.Close();
    }

    private ColumnBuffer List<T>(int column)
        where T : unmanaged
    {
        ColumnBuffer buffer = _memory!.Columns[column];
        int width = buffer.Type == FieldType.TextList ? sizeof(byte) : ColumnBuffer.Width(buffer.Type.Element());
        return buffer.Type.IsList() && width == sizeof(T) ? buffer
            : throw new InvalidOperationException($"Column '{Schema.Fields[column].Name}' holds {buffer.Type} and cannot take elements of {typeof(T).Name}.");
    }

    private void RequireSameColumns(RecordBatch source)
    {
        bool same = source.Schema.Fields.Count == Schema.Fields.Count;
        for (int c = 0; same && c < Schema.Fields.Count; c++)
            same = source.Schema.Fields[c].Type == Schema.Fields[c].Type;
        if (!same)
            throw new ArgumentException($"A batch of {source.Schema} has other columns than the batches of {Schema} that are built here. Append batches of the same column types.", nameof(source));
    }

    private InvalidOperationException Mismatch(int column, FieldType type) =>
        new($"Column '{Schema.Fields[column].Name}' holds {Schema.Fields[column].Type} and cannot take {type}.");

    private BatchMemory Reserve(int rows)
    {
        BatchMemory memory = _memory ??= _pool.Rent(_initialCapacity);
        if (memory.Capacity < rows)
            memory.Grow(Count, Math.Max(rows, memory.Capacity * 2));
        return memory;
    }
}

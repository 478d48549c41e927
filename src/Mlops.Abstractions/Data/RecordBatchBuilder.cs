using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mlops.Data;

/// <summary>
/// Fills batches of one feed row by row or column by column, and hands them out. Not thread-safe. The memory of a batch comes
/// back for reuse when its last reference is disposed, so steady traffic allocates nothing but the batch object.
/// </summary>
public sealed unsafe class RecordBatchBuilder
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
        _pool = new BatchMemoryPool(schema);
        _initialCapacity = capacity;
    }

    /// <summary>Gets the schema of the batches.</summary>
    public FeedSchema Schema { get; }

    /// <summary>Gets the number of finished rows.</summary>
    public int Count { get; private set; }

    /// <summary>Starts a row whose values are all null and whose quality is good.</summary>
    /// <param name="timestamp">Time of the record, nanoseconds since 1970 UTC.</param>
    /// <param name="received">When the node accepted it, nanoseconds since 1970 UTC.</param>
    /// <param name="arrival">Monotonic tick at which its bytes were read, 0 if unknown.</param>
    /// <param name="sequence">The asset's message number, or <see cref="RecordBatch.NoSequence"/>.</param>
    /// <param name="recordSequence">The asset's record number, or <see cref="RecordBatch.NoSequence"/>.</param>
    public void BeginRow(long timestamp, long received = 0, long arrival = 0, long sequence = RecordBatch.NoSequence, long recordSequence = RecordBatch.NoSequence)
    {
        int row = Count;
        BatchMemory memory = Reserve(row + 1);
        memory.Positions[row] = 0;
        memory.Timestamps[row] = timestamp;
        memory.Received[row] = received;
        memory.Arrivals[row] = arrival;
        memory.Sequences[row] = sequence;
        memory.RecordSequences[row] = recordSequence;
        memory.Qualities[row] = 3;
        foreach (ColumnBuffer column in memory.Columns)
            column.Clear(row);
        _row = row;
    }

    /// <summary>Changes the time of the row begun last.</summary>
    /// <param name="timestamp">Nanoseconds since 1970 UTC.</param>
    public void SetTimestamp(long timestamp) => _memory!.Timestamps[_row] = timestamp;

    /// <summary>Changes the asset's numbers of the row begun last.</summary>
    /// <param name="sequence">Message number, or <see cref="RecordBatch.NoSequence"/>.</param>
    /// <param name="recordSequence">Record number, or <see cref="RecordBatch.NoSequence"/>.</param>
    public void SetSequence(long sequence, long recordSequence = RecordBatch.NoSequence)
    {
        _memory!.Sequences[_row] = sequence;
        _memory.RecordSequences[_row] = recordSequence;
    }

    /// <summary>Sets the position of the row begun last, for rows that already have one.</summary>
    /// <param name="position">The position.</param>
    public void SetPosition(long position) => _memory!.Positions[_row] = position;

    /// <summary>Lowers the quality of the row begun last to that of one of its values.</summary>
    /// <param name="quality">0 bad, 1 uncertain, 2 good, 3 good (cascade).</param>
    public void AddQuality(byte quality) => _memory!.Qualities[_row] = Math.Min(_memory.Qualities[_row], quality);

    /// <summary>Sets a Boolean value of the row begun last.</summary>
    /// <param name="column">Index of the field.</param>
    /// <param name="value">The value.</param>
    public void SetBoolean(int column, bool value) => Slot(column, FieldType.Boolean).Values[_row] = value ? (byte)1 : (byte)0;

    /// <summary>Sets an Int64 value of the row begun last.</summary>
    /// <param name="column">Index of the field.</param>
    /// <param name="value">The value.</param>
    public void SetInt64(int column, long value) => ((long*)Slot(column, FieldType.Int64).Values)[_row] = value;

    /// <summary>Sets a UInt64 value of the row begun last.</summary>
    /// <param name="column">Index of the field.</param>
    /// <param name="value">The value.</param>
    public void SetUInt64(int column, ulong value) => ((ulong*)Slot(column, FieldType.UInt64).Values)[_row] = value;

    /// <summary>Sets a Float64 value of the row begun last.</summary>
    /// <param name="column">Index of the field.</param>
    /// <param name="value">The value.</param>
    public void SetFloat64(int column, double value) => ((double*)Slot(column, FieldType.Float64).Values)[_row] = value;

    /// <summary>Sets a Timestamp value of the row begun last.</summary>
    /// <param name="column">Index of the field.</param>
    /// <param name="nanoseconds">Nanoseconds since 1970 UTC.</param>
    public void SetInstant(int column, long nanoseconds) => ((long*)Slot(column, FieldType.Timestamp).Values)[_row] = nanoseconds;

    /// <summary>Sets a text value of the row begun last.</summary>
    /// <param name="column">Index of the field.</param>
    /// <param name="utf8">The UTF-8 bytes; they are copied.</param>
    public void SetText(int column, ReadOnlySpan<byte> utf8)
    {
        ColumnBuffer buffer = _memory!.Columns[column];
        if (buffer.Type != FieldType.Text)
            throw Mismatch(column, FieldType.Text);
        buffer.SetText(_row, utf8);
    }

    /// <summary>Sets a list of the row begun last.</summary>
    /// <typeparam name="T">What an element is in memory: <see cref="bool"/> or <see cref="byte"/>, <see cref="long"/>, <see cref="ulong"/> or <see cref="double"/>.</typeparam>
    /// <param name="column">Index of the field.</param>
    /// <param name="elements">The elements; they are copied.</param>
    public void SetList<T>(int column, ReadOnlySpan<T> elements)
        where T : unmanaged => List<T>(column).SetText(_row, MemoryMarshal.AsBytes(elements));

    /// <summary>Starts a list of the row begun last: it is present and empty until elements are added.</summary>
    /// <param name="column">Index of the field.</param>
    public void BeginList(int column)
    {
        ColumnBuffer buffer = _memory!.Columns[column];
        if (!buffer.Type.IsList())
            throw Mismatch(column, FieldType.TextList);
        buffer.SetText(_row, default);
    }

    /// <summary>Adds an element to the list that was begun last in a column.</summary>
    /// <typeparam name="T">What an element is in memory.</typeparam>
    /// <param name="column">Index of the field.</param>
    /// <param name="element">The element.</param>
    public void AddElement<T>(int column, T element)
        where T : unmanaged => List<T>(column).Extend(_row, new ReadOnlySpan<byte>(&element, sizeof(T)));

    /// <summary>Adds a text to the list that was begun last in a column.</summary>
    /// <param name="column">Index of the field.</param>
    /// <param name="utf8">The UTF-8 bytes; they are copied.</param>
    public void AddTextElement(int column, ReadOnlySpan<byte> utf8)
    {
        ColumnBuffer buffer = _memory!.Columns[column];
        if (buffer.Type != FieldType.TextList)
            throw Mismatch(column, FieldType.TextList);
        int length = utf8.Length;
        buffer.Extend(_row, new ReadOnlySpan<byte>(&length, sizeof(int)));
        buffer.Extend(_row, utf8);
    }

    /// <summary>Copies one value, null included, into the row begun last.</summary>
    /// <param name="column">Index of the field.</param>
    /// <param name="source">A column of the same type.</param>
    /// <param name="row">Its row.</param>
    public void Copy(int column, Column source, int row)
    {
        ColumnBuffer buffer = _memory!.Columns[column];
        if (buffer.Type != source.Type)
            throw Mismatch(column, source.Type);
        if (!source.IsValid(row))
        {
            buffer.Clear(_row);
            return;
        }

        if (buffer.HasOffsets)
        {
            buffer.SetText(_row, source.Utf8(row));
            return;
        }

        buffer.MarkValid(_row);
        if (buffer.Type == FieldType.Boolean)
            buffer.Values[_row] = source.Buffer.Values[row];
        else
            ((long*)buffer.Values)[_row] = ((long*)source.Buffer.Values)[row];
    }

    /// <summary>Takes a value of the row begun last back to null.</summary>
    /// <param name="column">Index of the field.</param>
    public void SetNull(int column) => _memory!.Columns[column].Clear(_row);

    /// <summary>Finishes the row begun last. A row that is not finished is forgotten.</summary>
    public void EndRow()
    {
        if (_row < 0)
            throw new InvalidOperationException("No row was begun. Call BeginRow first.");
        Count = _row + 1;
        _row = -1;
    }

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

    /// <summary>Appends rows to be filled column by column with the spans below: all null, quality good, no sequence.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <returns>Index of the first one.</returns>
    public int AppendRows(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        int first = Count;
        BatchMemory memory = Reserve(checked(first + rows));
        new Span<long>(memory.Positions + first, rows).Clear();
        new Span<long>(memory.Timestamps + first, rows).Clear();
        new Span<long>(memory.Received + first, rows).Clear();
        new Span<long>(memory.Arrivals + first, rows).Clear();
        new Span<long>(memory.Sequences + first, rows).Fill(RecordBatch.NoSequence);
        new Span<long>(memory.RecordSequences + first, rows).Fill(RecordBatch.NoSequence);
        new Span<byte>(memory.Qualities + first, rows).Fill(3);
        foreach (ColumnBuffer column in memory.Columns)
            column.Clear(first, rows);
        Count = first + rows;
        _row = -1;
        return first;
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

    /// <summary>Gets the positions of all finished rows, writable.</summary>
    public Span<long> Positions => new(Reserve(Count).Positions, Count);

    /// <summary>Gets the timestamps of all finished rows, writable.</summary>
    public Span<long> Timestamps => new(Reserve(Count).Timestamps, Count);

    /// <summary>Gets the acceptance times of all finished rows, writable.</summary>
    public Span<long> Received => new(Reserve(Count).Received, Count);

    /// <summary>Gets the message numbers of all finished rows, writable.</summary>
    public Span<long> Sequences => new(Reserve(Count).Sequences, Count);

    /// <summary>Gets the record numbers of all finished rows, writable.</summary>
    public Span<long> RecordSequences => new(Reserve(Count).RecordSequences, Count);

    /// <summary>Gets the qualities of all finished rows, writable.</summary>
    public Span<byte> Qualities => new(Reserve(Count).Qualities, Count);

    /// <summary>Returns the values of a fixed-width column, writable; a value counts only once it is marked by <see cref="MarkValid(int, int)"/>.</summary>
    /// <typeparam name="T">Type of the same width as the column.</typeparam>
    /// <param name="column">Index of the field.</param>
    /// <returns>A view of <see cref="Count"/> values.</returns>
    public Span<T> Values<T>(int column)
        where T : unmanaged
    {
        ColumnBuffer buffer = Reserve(Count).Columns[column];
        return ColumnBuffer.Width(buffer.Type) == sizeof(T) && !buffer.HasOffsets ? new Span<T>(buffer.Values, Count)
            : throw new InvalidOperationException($"Column '{Schema.Fields[column].Name}' holds {buffer.Type} and cannot be written as {typeof(T).Name}.");
    }

    /// <summary>Marks a value written through <see cref="Values{T}"/> as present.</summary>
    /// <param name="column">Index of the field.</param>
    /// <param name="row">Row from 0.</param>
    public void MarkValid(int column, int row) => Finished(column, row, 1).MarkValid(row);

    /// <summary>Marks values of rows that follow each other as present.</summary>
    /// <param name="column">Index of the field.</param>
    /// <param name="first">First row.</param>
    /// <param name="count">Number of rows.</param>
    public void MarkValid(int column, int first, int count) =>
        ValidityBits.Fill(Finished(column, first, count).Bitmap(first + count), first, count, value: true);

    /// <summary>Marks values of rows that follow each other as present or null. The slots of nulls must hold zero.</summary>
    /// <param name="column">Index of the field.</param>
    /// <param name="first">First row.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="bitmap">One bit a row, see <see cref="ValidityBits"/>.</param>
    public void MarkValid(int column, int first, int count, ReadOnlySpan<byte> bitmap) =>
        ValidityBits.Copy(bitmap, 0, Finished(column, first, count).Bitmap(first + count), first, count);

    /// <summary>Sets one text value of a row appended by <see cref="AppendRows"/>; rows of a column must be set in rising order.</summary>
    /// <param name="column">Index of the field.</param>
    /// <param name="row">Row from 0.</param>
    /// <param name="utf8">The UTF-8 bytes; they are copied.</param>
    public void SetTextAt(int column, int row, ReadOnlySpan<byte> utf8) => FinishedText(column, row, 1).SetText(row, utf8);

    /// <summary>Sets one list of a row appended by <see cref="AppendRows"/>; rows of a column must be set in rising order.</summary>
    /// <typeparam name="T">What an element is in memory.</typeparam>
    /// <param name="column">Index of the field.</param>
    /// <param name="row">Row from 0.</param>
    /// <param name="elements">The elements; they are copied.</param>
    public void SetListAt<T>(int column, int row, ReadOnlySpan<T> elements)
        where T : unmanaged
    {
        Finished(column, row, 1);
        List<T>(column).SetText(row, MemoryMarshal.AsBytes(elements));
    }

    /// <summary>Adds a text to a list of texts of a row appended by <see cref="AppendRows"/>, which <see cref="SetListAt{T}"/> with no bytes has begun.</summary>
    /// <param name="column">Index of the field.</param>
    /// <param name="row">Row from 0, the newest that was set.</param>
    /// <param name="utf8">The UTF-8 bytes; they are copied.</param>
    public void AddTextElementAt(int column, int row, ReadOnlySpan<byte> utf8)
    {
        ColumnBuffer buffer = Finished(column, row, 1);
        if (buffer.Type != FieldType.TextList)
            throw Mismatch(column, FieldType.TextList);
        int length = utf8.Length;
        buffer.Extend(row, new ReadOnlySpan<byte>(&length, sizeof(int)));
        buffer.Extend(row, utf8);
    }

    /// <summary>Sets text values, or lists as their bytes, of rows appended by <see cref="AppendRows"/>; they count once they are marked by <see cref="MarkValid(int, int, int)"/>.</summary>
    /// <param name="column">Index of the field.</param>
    /// <param name="first">First row; rows of a column must be set in rising order.</param>
    /// <param name="offsets">Where in <paramref name="utf8"/> each text starts, and where the last one ends. Texts of nulls are empty.</param>
    /// <param name="utf8">The UTF-8 bytes; they are copied.</param>
    public void SetTextsAt(int column, int first, ReadOnlySpan<int> offsets, ReadOnlySpan<byte> utf8) =>
        FinishedText(column, first, offsets.Length - 1).SetTexts(first, offsets, utf8);

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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ColumnBuffer Slot(int column, FieldType type)
    {
        ColumnBuffer buffer = _memory!.Columns[column];
        if (buffer.Type != type)
            throw Mismatch(column, type);
        buffer.MarkValid(_row);
        return buffer;
    }

    private ColumnBuffer List<T>(int column)
        where T : unmanaged
    {
        ColumnBuffer buffer = _memory!.Columns[column];
        int width = buffer.Type == FieldType.TextList ? sizeof(byte) : ColumnBuffer.Width(buffer.Type.Element());
        return buffer.Type.IsList() && width == sizeof(T) ? buffer
            : throw new InvalidOperationException($"Column '{Schema.Fields[column].Name}' holds {buffer.Type} and cannot take elements of {typeof(T).Name}.");
    }

    private ColumnBuffer Finished(int column, int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, Count - count);
        return _memory!.Columns[column];
    }

    private ColumnBuffer FinishedText(int column, int first, int count)
    {
        ColumnBuffer buffer = Finished(column, first, count);
        return buffer.HasOffsets ? buffer : throw Mismatch(column, FieldType.Text);
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

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mlops.Data;

/// <content>Filling row by row.</content>
public sealed unsafe partial class RecordBatchBuilder
{
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ColumnBuffer Slot(int column, FieldType type)
    {
        ColumnBuffer buffer = _memory!.Columns[column];
        if (buffer.Type != type)
            throw Mismatch(column, type);
        buffer.MarkValid(_row);
        return buffer;
    }
}

using System.Runtime.InteropServices;

namespace Mlops.Data;

/// <content>Filling column by column.</content>
public sealed unsafe partial class RecordBatchBuilder
{
    /// <summary>Takes memory for so many rows at once, where it would grow by doubling.</summary>
    /// <param name="rows">Number of rows, those that are there included.</param>
    public void EnsureCapacity(int rows) => Reserve(Math.Max(rows, Count));

    /// <summary>Appends rows to be filled column by column with the spans below: all null, quality good, no sequence.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <returns>Index of the first one.</returns>
    public int AppendRows(int rows)
    {
        int first = AppendUnsetRows(rows);
        BatchMemory memory = _memory!;
        new Span<long>(memory.Positions + first, rows).Clear();
        new Span<long>(memory.Timestamps + first, rows).Clear();
        new Span<long>(memory.Received + first, rows).Clear();
        new Span<long>(memory.Sequences + first, rows).Fill(RecordBatch.NoSequence);
        new Span<long>(memory.RecordSequences + first, rows).Fill(RecordBatch.NoSequence);
        new Span<byte>(memory.Qualities + first, rows).Fill(3);
        foreach (ColumnBuffer column in memory.Columns)
            column.ClearValues(first, rows);
        return first;
    }

    /// <summary>
    /// Appends rows to be filled column by column by somebody who writes every slot of the spans below, zero for a null: until then they
    /// hold anything. The rows are null and have no arrival. This spares touching large memory twice.
    /// </summary>
    /// <param name="rows">Number of rows.</param>
    /// <returns>Index of the first one.</returns>
    public int AppendUnsetRows(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        int first = Count;
        BatchMemory memory = Reserve(checked(first + rows));
        new Span<long>(memory.Arrivals + first, rows).Clear();
        foreach (ColumnBuffer column in memory.Columns)
            column.ClearValidity(first, rows);
        Count = first + rows;
        _row = -1;
        return first;
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
}

using System.Runtime.InteropServices;
using Mlops.Data;
using Mlops.DuckDb;

namespace Mlops.Store.Queries;

/// <summary>Reads a streamed result as batches. Its columns are those that every record has, if they are there, then the fields of a schema.</summary>
internal sealed class RecordResult(DuckDbResult result, RecordBatchBuilder builder) : IDisposable
{
    private const int SystemColumns = 6;
    private readonly bool _plain = result.ColumnCount == builder.Schema.Fields.Count;
    private long _rows;

    /// <summary>Reads the next batch.</summary>
    /// <param name="rows">How many rows are enough; a batch has up to a chunk (2048) more.</param>
    /// <returns>The batch, or <see langword="null"/> after the last; the caller disposes it.</returns>
    public RecordBatch? Next(int rows)
    {
        while (builder.Count < rows && result.NextChunk() is { } chunk)
            Append(chunk);
        return builder.Count == 0 ? null : builder.Build();
    }

    public void Dispose() => result.Dispose();

    private void Append(DuckDbChunk chunk)
    {
        int rows = chunk.RowCount;
        int first = _plain ? NumberRows(rows) : builder.AppendUnsetRows(rows);
        if (!_plain)
            SystemOf(chunk, first);
        for (int c = 0; c < builder.Schema.Fields.Count; c++)
            FieldColumn(chunk[c + (_plain ? 0 : SystemColumns)], c, first);
    }

    // Rows of a result are no records; they are numbered from 1 and have no time.
    private int NumberRows(int rows)
    {
        int first = builder.AppendRows(rows);
        for (int i = first; i < first + rows; i++)
            builder.Positions[i] = ++_rows;
        return first;
    }

    private void SystemOf(DuckDbChunk chunk, int first)
    {
        chunk[0].Values<long>().CopyTo(builder.Positions[first..]);
        chunk[1].Values<long>().CopyTo(builder.Timestamps[first..]);
        chunk[2].Values<long>().CopyTo(builder.Received[first..]);
        chunk[3].Values<byte>().CopyTo(builder.Qualities[first..]);
        Sequences(chunk[4], builder.Sequences[first..]);
        Sequences(chunk[5], builder.RecordSequences[first..]);
    }

    private static void Sequences(DuckDbVector source, Span<long> target)
    {
        source.Values<long>().CopyTo(target);
        for (int i = 0; !source.Validity.IsEmpty && i < source.Length; i++)
        {
            if (!source.IsValid(i))
                target[i] = RecordBatch.NoSequence;
        }
    }

    private void FieldColumn(DuckDbVector source, int column, int first)
    {
        switch (builder.Schema.Fields[column].Type)
        {
            case FieldType.Boolean:
                Fixed(source, source.Values<byte>(), builder.Values<byte>(column)[first..]);
                break;
            case FieldType.UInt64:
                Fixed(source, source.Values<ulong>(), builder.Values<ulong>(column)[first..]);
                break;
            case FieldType.Float64:
                Fixed(source, source.Values<double>(), builder.Values<double>(column)[first..]);
                break;
            case FieldType.Text:
                for (int i = 0; i < source.Length; i++)
                {
                    if (source.IsValid(i))
                        builder.SetTextAt(column, first + i, source.Utf8(i));
                }

                return;
            case FieldType.BooleanList:
                Lists<bool>(source, column, first);
                return;
            case FieldType.UInt64List:
                Lists<ulong>(source, column, first);
                return;
            case FieldType.Float64List:
                Lists<double>(source, column, first);
                return;
            case FieldType.Int64List or FieldType.TimestampList:
                Lists<long>(source, column, first);
                return;
            case FieldType.TextList:
                TextLists(source, column, first);
                return;
            default:
                Fixed(source, source.Values<long>(), builder.Values<long>(column)[first..]);
                break;
        }

        if (source.Validity.IsEmpty)
            builder.MarkValid(column, first, source.Length);
        else
            builder.MarkValid(column, first, source.Length, MemoryMarshal.AsBytes(source.Validity));
    }

    private void Lists<T>(DuckDbVector source, int column, int first)
        where T : unmanaged
    {
        ReadOnlySpan<T> elements = source.Elements.Values<T>();
        for (int i = 0; i < source.Length; i++)
        {
            if (!source.IsValid(i))
                continue;
            (int offset, int length) = source.ElementsOf(i);
            builder.SetListAt(column, first + i, elements.Slice(offset, length));
        }
    }

    private void TextLists(DuckDbVector source, int column, int first)
    {
        DuckDbVector elements = source.Elements;
        for (int i = 0; i < source.Length; i++)
        {
            if (!source.IsValid(i))
                continue;
            builder.SetListAt<byte>(column, first + i, default);
            (int offset, int length) = source.ElementsOf(i);
            for (int e = offset; e < offset + length; e++)
                builder.AddTextElementAt(column, first + i, elements.Utf8(e));
        }
    }

    private static void Fixed<T>(DuckDbVector source, ReadOnlySpan<T> values, Span<T> target)
        where T : unmanaged
    {
        values.CopyTo(target);
        // What stands in a null's slot is undefined there and zero here.
        for (int i = 0; !source.Validity.IsEmpty && i < source.Length; i++)
        {
            if (!source.IsValid(i))
                target[i] = default;
        }
    }
}

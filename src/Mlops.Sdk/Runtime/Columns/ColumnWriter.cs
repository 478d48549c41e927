using Mlops.Data;

namespace Mlops.Runtime.Columns;

/// <summary>Writes columns of batches into a block.</summary>
/// <remarks>Holds how much text each column has got, so that several batches can follow one another in one block.</remarks>
internal sealed unsafe class ColumnWriter
{
    private readonly byte* _block;
    private readonly ColumnLayout _layout;
    private readonly OpenPictures _pictures;
    private readonly long[] _textUsed;
    private long _rows;

    public ColumnWriter(byte* block, ColumnLayout layout, OpenPictures pictures)
    {
        _block = block;
        _layout = layout;
        _pictures = pictures;
        _textUsed = new long[layout.Inputs.Count + 1];
    }

    /// <summary>Empties the block and says which columns will have nulls, as nothing or a flag for each input and the label.</summary>
    public void Begin(ReadOnlySpan<bool> hasNulls)
    {
        _rows = 0;
        Array.Clear(_textUsed);
        bool any = false;
        for (int i = 0; i < _textUsed.Length; i++)
        {
            bool has = i < hasNulls.Length && hasNulls[i];
            _block[_layout.Nulls + i] = has ? (byte)1 : (byte)0;
            any |= has;
        }

        ((long*)_block)[0] = 0;
        ((long*)_block)[1] = any ? 1 : 0;
    }

    /// <summary>Appends a batch whose columns are the inputs and, where the layout has one, the label.</summary>
    public void Append(RecordBatch batch)
    {
        batch.Timestamps.CopyTo(new Span<long>(_block + _layout.Timestamps + (_rows * sizeof(long)), batch.Count));
        for (int i = 0; i < _layout.Inputs.Count; i++)
            Write(_layout.Inputs[i], batch.Column(i), i);
        if (_layout.Label is { } label)
            Write(label, batch.Column(_layout.Inputs.Count), _layout.Inputs.Count);
        _rows += batch.Count;
        ((long*)_block)[0] = _rows;
    }

    private void Write(ColumnSlot slot, Column column, int index)
    {
        byte* values = _block + slot.Values + (_rows * sizeof(long));
        bool asDouble = slot.Kind == ColumnKind.Number || _block[_layout.Nulls + index] != 0;
        switch (slot.Kind)
        {
            case ColumnKind.Text:
                WriteText(slot, column, index);
                break;
            case ColumnKind.Image:
                _pictures.Write(column, index, slot.Dimensions!, _block + slot.Values + (_rows * slot.PictureBytes), slot.PictureBytes);
                break;
            case ColumnKind.Instant:
                WriteInstants(column, new Span<long>(values, column.Count));
                break;
            case ColumnKind.Boolean when !asDouble:
                WriteBooleans(column, new Span<byte>(_block + slot.Values + _rows, column.Count));
                break;
            case not ColumnKind.Boolean when !asDouble:
                WriteIntegers(column, new Span<long>(values, column.Count));
                break;
            default:
                WriteDoubles(column, new Span<double>(values, column.Count), slot.Kind == ColumnKind.Boolean);
                break;
        }
    }

    private static void WriteDoubles(Column column, Span<double> target, bool asTruth)
    {
        switch (column.Type)
        {
            case FieldType.Float64:
                column.Values<double>().CopyTo(target);
                break;
            case FieldType.UInt64:
                ReadOnlySpan<ulong> unsigned = column.Values<ulong>();
                for (int i = 0; i < target.Length; i++)
                    target[i] = unsigned[i];
                break;
            case FieldType.Boolean:
                ReadOnlySpan<byte> truths = column.Values<byte>();
                for (int i = 0; i < target.Length; i++)
                    target[i] = truths[i];
                break;
            default:
                ReadOnlySpan<long> integers = column.Values<long>();
                for (int i = 0; i < target.Length; i++)
                    target[i] = integers[i];
                break;
        }

        for (int i = 0; asTruth && i < target.Length; i++)
            target[i] = target[i] != 0 ? 1 : 0;
        for (int i = 0; column.NullCount > 0 && i < target.Length; i++)
        {
            if (!column.IsValid(i))
                target[i] = double.NaN;
        }
    }

    private static void WriteIntegers(Column column, Span<long> target)
    {
        if (column.Type != FieldType.Boolean)
        {
            column.Values<long>().CopyTo(target);
            return;
        }

        ReadOnlySpan<byte> truths = column.Values<byte>();
        for (int i = 0; i < target.Length; i++)
            target[i] = truths[i];
    }

    private static void WriteBooleans(Column column, Span<byte> target)
    {
        if (column.Type == FieldType.Boolean)
        {
            column.Values<byte>().CopyTo(target);
            return;
        }

        ReadOnlySpan<long> integers = column.Values<long>();
        for (int i = 0; i < target.Length; i++)
            target[i] = integers[i] != 0 ? (byte)1 : (byte)0;
    }

    private static void WriteInstants(Column column, Span<long> target)
    {
        column.Values<long>().CopyTo(target);
        for (int i = 0; column.NullCount > 0 && i < target.Length; i++)
        {
            if (!column.IsValid(i))
                target[i] = long.MinValue;
        }
    }

    private void WriteText(ColumnSlot slot, Column column, int index)
    {
        long used = _textUsed[index];
        ReadOnlySpan<int> offsets = column.Offsets;
        var target = new Span<long>(_block + slot.Values + (_rows * sizeof(long)), column.Count + 1);
        for (int i = 0; i < target.Length; i++)
            target[i] = used + offsets[i];
        column.TextBytes.CopyTo(new Span<byte>(_block + slot.Text + used, offsets[^1]));
        _textUsed[index] = used + offsets[^1];

        var present = new Span<byte>(_block + slot.Present + _rows, column.Count);
        if (column.NullCount == 0)
            present.Fill(1);
        for (int i = 0; column.NullCount > 0 && i < present.Length; i++)
            present[i] = column.IsValid(i) ? (byte)1 : (byte)0;
    }
}

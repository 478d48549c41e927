using System.Runtime.CompilerServices;

namespace Mlops.Data;

/// <summary>
/// Native memory of one column, laid out as an Arrow array: validity bitmap (least significant bit first), values, and for
/// text 32-bit offsets and UTF-8 bytes. Booleans take a byte each (Arrow's bool8). Lists are kept like texts: offsets in bytes, and
/// the elements as they are in memory; a text element is its length (32 bits, little-endian) and its bytes. Buffers are 64-byte aligned and reused.
/// </summary>
/// <remarks>Written by one builder, then only read, until the last reference of its batch is released.</remarks>
internal sealed unsafe class ColumnBuffer(FieldType type)
{
    private const nuint Alignment = 64;
    private int _textCapacity;

    // Text offsets are valid up to this row; rows behind it are empty and are filled in when needed.
    private int _filledRows;

    public FieldType Type { get; } = type;

    public bool HasOffsets { get; } = type.HasOffsets();

    public byte* Values { get; private set; }

    public byte* Validity { get; private set; }

    public int* Offsets { get; private set; }

    /// <summary>Gets the number of nulls; counted once, when the batch is built.</summary>
    public int NullCount { get; private set; }

    public static int Width(FieldType type) => type switch
    {
        FieldType.Boolean => 1,
        _ when type.HasOffsets() => 0,
        _ => 8,
    };

    /// <summary>Returns how much of the batch's memory a column needs; the bytes of texts and lists are its own.</summary>
    public static nuint FixedBytes(FieldType type, int capacity) =>
        Aligned((nuint)(capacity + 7) / 8) + Aligned(type.HasOffsets() ? ((nuint)capacity + 1) * sizeof(int) : (nuint)capacity * (nuint)Width(type));

    /// <summary>Moves the rows that were written into other memory of the batch.</summary>
    /// <returns>The end of that memory.</returns>
    public byte* MoveTo(byte* memory, int rows, int capacity)
    {
        byte* validity = memory;
        Copy(Validity, validity, (nuint)((rows + 7) / 8));
        Validity = validity;
        byte* values = memory + Aligned((nuint)(capacity + 7) / 8);
        if (HasOffsets)
        {
            Copy((byte*)Offsets, values, rows == 0 ? 0 : (nuint)(rows + 1) * sizeof(int));
            Offsets = (int*)values;
            if (rows == 0)
                Offsets[0] = _filledRows = 0;
        }
        else
        {
            Copy(Values, values, (nuint)rows * (nuint)Width(Type));
            Values = values;
        }

        return memory + FixedBytes(Type, capacity);
    }

    public void SetText(int row, ReadOnlySpan<byte> utf8)
    {
        FillOffsets(row);
        int start = Offsets[row];
        ReserveText(start, checked(start + utf8.Length));
        utf8.CopyTo(new Span<byte>(Values + start, utf8.Length));
        Offsets[row + 1] = start + utf8.Length;
        _filledRows = row + 1;
        MarkValid(row);
    }

    /// <summary>Appends to the text or list of the newest row that has one; the row becomes present.</summary>
    public void Extend(int row, ReadOnlySpan<byte> bytes)
    {
        if (_filledRows <= row)
            SetText(row, default);
        int end = Offsets[row + 1];
        ReserveText(end, checked(end + bytes.Length));
        bytes.CopyTo(new Span<byte>(Values + end, bytes.Length));
        Offsets[row + 1] = end + bytes.Length;
    }

    public void Clear(int row)
    {
        MarkNull(row);
        if (HasOffsets)
            _filledRows = Math.Min(_filledRows, row);
        else if (Type == FieldType.Boolean)
            Values[row] = 0;
        else
            ((long*)Values)[row] = 0;
    }

    /// <summary>Makes rows null that were not written yet; fixed-width slots hold anything.</summary>
    public void ClearValidity(int first, int count)
    {
        ValidityBits.Fill(Bitmap(first + count), first, count, value: false);
        if (HasOffsets)
            _filledRows = Math.Min(_filledRows, first);
    }

    /// <summary>Writes zero into the fixed-width slots of rows.</summary>
    public void ClearValues(int first, int count)
    {
        if (!HasOffsets)
            new Span<byte>(Values + (first * Width(Type)), count * Width(Type)).Clear();
    }

    /// <summary>Sets text values of rows that follow each other; <paramref name="offsets"/> has one more entry than there are rows.</summary>
    public void SetTexts(int first, ReadOnlySpan<int> offsets, ReadOnlySpan<byte> utf8)
    {
        int rows = offsets.Length - 1;
        int length = offsets[rows] - offsets[0];
        FillOffsets(first);
        int start = Offsets[first];
        ReserveText(start, checked(start + length));
        utf8.Slice(offsets[0], length).CopyTo(new Span<byte>(Values + start, length));
        int shift = start - offsets[0];
        for (int i = 1; i <= rows; i++)
            Offsets[first + i] = offsets[i] + shift;
        _filledRows = first + rows;
    }

    /// <summary>Copies rows of another column of the same type behind those written so far.</summary>
    public void CopyFrom(ColumnBuffer source, int start, int count, int first)
    {
        ValidityBits.Copy(new ReadOnlySpan<byte>(source.Validity, (start + count + 7) / 8), start, Bitmap(first + count), first, count);
        if (HasOffsets)
        {
            var offsets = new ReadOnlySpan<int>(source.Offsets + start, count + 1);
            SetTexts(first, offsets, new ReadOnlySpan<byte>(source.Values, offsets[count]));
        }
        else
        {
            int width = Width(Type);
            new ReadOnlySpan<byte>(source.Values + (start * width), count * width).CopyTo(new Span<byte>(Values + (first * width), count * width));
        }
    }

    public void Finish(int rows)
    {
        if (HasOffsets)
            FillOffsets(rows);
        NullCount = rows - ValidityBits.CountSet(Bitmap(rows), rows);
    }

    /// <summary>Returns how many bytes a column takes that has room for a number of rows.</summary>
    public long Bytes(int capacity) => (capacity / 8) + (HasOffsets ? (4L * capacity) + _textCapacity : (long)capacity * Width(Type));

    public Span<byte> Bitmap(int rows) => new(Validity, (rows + 7) / 8);

    private void FillOffsets(int row)
    {
        if (_filledRows < row)
            new Span<int>(Offsets + _filledRows + 1, row - _filledRows).Fill(Offsets[_filledRows]);
        _filledRows = row;
    }

    private void ReserveText(int used, int needed)
    {
        if (needed <= _textCapacity)
            return;
        int capacity = (int)Math.Min(Array.MaxLength, Math.Max((long)needed, Math.Max(256L, _textCapacity * 2L)));
        byte* grown = BatchPages.Take((nuint)capacity);
        Copy(Values, grown, (nuint)used);
        BatchPages.Free(Values, (nuint)_textCapacity);
        Values = grown;
        _textCapacity = capacity;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsValid(int row) => (Validity[row >> 3] & (1 << (row & 7))) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MarkValid(int row) => Validity[row >> 3] |= (byte)(1 << (row & 7));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MarkNull(int row) => Validity[row >> 3] &= (byte)~(1 << (row & 7));

    /// <summary>Frees what is the column's own; the rest is the batch's.</summary>
    public void Free()
    {
        if (HasOffsets)
            BatchPages.Free(Values, (nuint)_textCapacity);
        Values = Validity = null;
        Offsets = null;
        _textCapacity = 0;
    }

    private static nuint Aligned(nuint bytes) => (bytes + Alignment - 1) & ~(Alignment - 1);

    private static void Copy(byte* source, byte* target, nuint bytes) => Buffer.MemoryCopy(source, target, bytes, bytes);
}

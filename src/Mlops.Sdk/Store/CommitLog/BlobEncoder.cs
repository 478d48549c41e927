using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Mlops.Data;
using static Mlops.Store.CommitLog.BlobFormat;

namespace Mlops.Store.CommitLog;

/// <summary>Writes records column by column into the blob of a log row, without an object or a branch a value.</summary>
internal ref struct BlobEncoder
{
    private readonly List<(RecordBatch Batch, int Start, int Count)> _parts;
    private readonly Span<byte> _destination;
    private readonly int _rows;
    private int _at;

    private BlobEncoder(List<(RecordBatch Batch, int Start, int Count)> parts, int rows, Span<byte> destination)
    {
        _parts = parts;
        _rows = rows;
        _destination = destination;
    }

    private delegate ReadOnlySpan<T> Select<T>(RecordBatch batch, int column);

    /// <summary>Returns how many bytes are enough.</summary>
    public static long Bound(FeedSchema schema, List<(RecordBatch Batch, int Start, int Count)> parts)
    {
        long bytes = HeaderBytes + 64;
        foreach ((RecordBatch batch, int start, int count) in parts)
        {
            bytes += count * 42L;
            for (int c = 0; c < schema.Fields.Count; c++)
            {
                bytes += 16 + count + (schema.Fields[c].Type.HasOffsets()
                    ? (count * 4L) + batch.Column(c).Offsets[start + count] - batch.Column(c).Offsets[start]
                    : count * 8L);
            }
        }

        return bytes;
    }

    public static int Encode(FeedSchema schema, List<(RecordBatch Batch, int Start, int Count)> parts, int rows, Span<byte> destination)
    {
        var encoder = new BlobEncoder(parts, rows, destination);
        encoder.Byte(BlobFormat.Version);
        encoder.Int32(rows);
        encoder.Int32(schema.Fields.Count);
        encoder.Values<long>(static (batch, _) => batch.Positions, 0);
        encoder.Values<long>(static (batch, _) => batch.Timestamps, 0);
        encoder.Values<long>(static (batch, _) => batch.Received, 0);
        encoder.Values<long>(static (batch, _) => batch.Sequences, 0);
        encoder.Values<long>(static (batch, _) => batch.RecordSequences, 0);
        encoder.Values<byte>(static (batch, _) => batch.Qualities, 0);
        for (int c = 0; c < schema.Fields.Count; c++)
            encoder.Column(schema.Fields[c].Type, c);
        return encoder._at;
    }

    private void Column(FieldType type, int column)
    {
        Byte((byte)type);
        int at = _at++;
        Presence presence = WriteValidity(column);
        _destination[at] = (byte)presence;
        if (presence == Presence.None)
            return;
        if (type.HasOffsets())
            Texts(column);
        else if (type == FieldType.Boolean)
            Values<byte>(static (batch, c) => batch.Column(c).Values<byte>(), column);
        else
            Values<long>(static (batch, c) => batch.Column(c).Values<long>(), column);
    }

    private Presence WriteValidity(int column)
    {
        Span<byte> bitmap = _destination.Slice(_at, (_rows + 7) / 8);
        bitmap.Clear();
        int row = 0;
        foreach ((RecordBatch batch, int start, int count) in _parts)
        {
            Column values = batch.Column(column);
            if (values.NullCount == 0)
                ValidityBits.Fill(bitmap, row, count, value: true);
            else
                ValidityBits.Copy(values.Validity, start, bitmap, row, count);
            row += count;
        }

        int present = ValidityBits.CountSet(bitmap, _rows);
        if (present == 0 || present == _rows)
            return present == 0 ? Presence.None : Presence.All;
        _at += bitmap.Length;
        return Presence.Some;
    }

    private void Values<T>(Select<T> select, int column)
        where T : unmanaged, IEquatable<T>
    {
        T first = select(_parts[0].Batch, column)[_parts[0].Start];
        if (IsSame(select, column, first))
        {
            Byte((byte)Encoding.Same);
            Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in first)));
        }
        else if (first is long start && IsRising(select, column, start))
        {
            Byte((byte)Encoding.Rising);
            Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in first)));
        }
        else
        {
            Byte((byte)Encoding.Plain);
            foreach ((RecordBatch batch, int from, int count) in _parts)
                Write(MemoryMarshal.AsBytes(select(batch, column).Slice(from, count)));
        }
    }

    private readonly bool IsSame<T>(Select<T> select, int column, T first)
        where T : unmanaged, IEquatable<T>
    {
        foreach ((RecordBatch batch, int start, int count) in _parts)
        {
            if (select(batch, column).Slice(start, count).ContainsAnyExcept(first))
                return false;
        }

        return true;
    }

    private readonly bool IsRising<T>(Select<T> select, int column, long first)
        where T : unmanaged, IEquatable<T>
    {
        foreach ((RecordBatch batch, int start, int count) in _parts)
        {
            foreach (long value in MemoryMarshal.Cast<T, long>(select(batch, column).Slice(start, count)))
            {
                if (value != first++)
                    return false;
            }
        }

        return true;
    }

    private void Texts(int column)
    {
        if (IsSameText(column))
        {
            Byte((byte)Encoding.Same);
            ReadOnlySpan<byte> text = _parts[0].Batch.Column(column).Utf8(_parts[0].Start);
            Int32(text.Length);
            Write(text);
            return;
        }

        Byte((byte)Encoding.Plain);
        foreach ((RecordBatch batch, int start, int count) in _parts)
        {
            ReadOnlySpan<int> offsets = batch.Column(column).Offsets.Slice(start, count + 1);
            Span<int> lengths = MemoryMarshal.Cast<byte, int>(_destination.Slice(_at, count * sizeof(int)));
            for (int i = 0; i < count; i++)
                lengths[i] = offsets[i + 1] - offsets[i];
            _at += count * sizeof(int);
        }

        foreach ((RecordBatch batch, int start, int count) in _parts)
        {
            Column texts = batch.Column(column);
            ReadOnlySpan<int> offsets = texts.Offsets;
            Write(texts.TextBytes[offsets[start]..offsets[start + count]]);
        }
    }

    private readonly bool IsSameText(int column)
    {
        ReadOnlySpan<byte> first = _parts[0].Batch.Column(column).Utf8(_parts[0].Start);
        foreach ((RecordBatch batch, int start, int count) in _parts)
        {
            Column texts = batch.Column(column);
            for (int i = start; i < start + count; i++)
            {
                if (!texts.Utf8(i).SequenceEqual(first))
                    return false;
            }
        }

        return true;
    }

    private void Byte(byte value) => _destination[_at++] = value;

    private void Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_destination[_at..], value);
        _at += sizeof(int);
    }

    private void Write(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_destination[_at..]);
        _at += bytes.Length;
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Mlops.Data;
using static Mlops.Store.CommitLog.BlobFormat;

namespace Mlops.Store.CommitLog;

/// <summary>Reads the blob of a log row into a builder, column by column.</summary>
internal ref struct BlobDecoder
{
    private readonly ReadOnlySpan<byte> _source;
    private readonly RecordBatchBuilder _builder;
    private int _at;
    private int _rows;
    private int _first;

    private BlobDecoder(ReadOnlySpan<byte> source, RecordBatchBuilder builder)
    {
        _source = source;
        _builder = builder;
    }

    /// <summary>Appends the records of a blob to a builder of the map's target schema.</summary>
    /// <exception cref="InvalidDataException">The blob is not what an encoder wrote under that revision.</exception>
    public static void Decode(ReadOnlySpan<byte> blob, SchemaMap map, RecordBatchBuilder builder)
    {
        try
        {
            new BlobDecoder(blob, builder).Decode(map);
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("The data ends before the records do.", e);
        }
    }

    private void Decode(SchemaMap map)
    {
        byte version = Byte();
        if (version != BlobFormat.Version)
            throw new InvalidDataException($"The data has format {version}, known is {BlobFormat.Version}.");
        _rows = Int32();
        IReadOnlyList<FeedField> fields = map.Source.Schema.Fields;
        int columns = Int32();
        if (columns != fields.Count || _rows is < 1 or > LogDraft.MaxRows)
            throw new InvalidDataException($"The data has {columns} columns and {_rows} rows, its schema {fields.Count} columns.");
        _first = _builder.AppendUnsetRows(_rows);
        Values(_builder.Positions[_first..]);
        Values(_builder.Timestamps[_first..]);
        Values(_builder.Received[_first..]);
        Values(_builder.Sequences[_first..]);
        Values(_builder.RecordSequences[_first..]);
        Values(_builder.Qualities[_first..]);
        for (int c = 0; c < columns; c++)
            Column(fields[c], map.TargetOf(c));
        foreach (int column in map.Unfilled)
            Clear(column);
        if (_at != _source.Length)
            throw new InvalidDataException($"The data has {_source.Length} bytes, its records {_at}.");
    }

    private void Column(FeedField field, int target)
    {
        var type = (FieldType)Byte();
        if (type != field.Type)
            throw new InvalidDataException($"The data holds {type} for the field '{field.Name}', its schema {field.Type}.");
        var presence = (Presence)Byte();
        if (presence == Presence.None)
        {
            if (target >= 0)
                Clear(target);
            return;
        }

        ReadOnlySpan<byte> bitmap = presence == Presence.Some ? Bytes((_rows + 7) / 8) : default;
        if (type.HasOffsets())
            Texts(target);
        else if (target < 0)
            SkipValues(type == FieldType.Boolean ? 1 : 8);
        else if (type == FieldType.Boolean)
            Values(_builder.Values<byte>(target)[_first..]);
        else
            Values(_builder.Values<long>(target)[_first..]);
        if (target < 0)
            return;
        if (_builder.Schema.Fields[target].Type != type)
            Widen(target);
        if (presence == Presence.All)
            _builder.MarkValid(target, _first, _rows);
        else
            _builder.MarkValid(target, _first, _rows, bitmap);
    }

    private readonly void Clear(int target)
    {
        if (_builder.Schema.Fields[target].Type == FieldType.Boolean)
            _builder.Values<byte>(target)[_first..].Clear();
        else if (!_builder.Schema.Fields[target].Type.HasOffsets())
            _builder.Values<long>(target)[_first..].Clear();
    }

    private readonly void Widen(int target)
    {
        Span<long> integers = _builder.Values<long>(target)[_first..];
        Span<double> doubles = _builder.Values<double>(target)[_first..];
        for (int i = 0; i < integers.Length; i++)
            doubles[i] = integers[i];
    }

    private void Values<T>(Span<T> destination)
        where T : unmanaged
    {
        switch ((Encoding)Byte())
        {
            case Encoding.Plain:
                Bytes(destination.Length * SizeOf<T>()).CopyTo(MemoryMarshal.AsBytes(destination));
                break;
            case Encoding.Same:
                destination.Fill(MemoryMarshal.Read<T>(Bytes(SizeOf<T>())));
                break;
            case Encoding.Rising when SizeOf<T>() == sizeof(long):
                long value = BinaryPrimitives.ReadInt64LittleEndian(Bytes(sizeof(long)));
                foreach (ref long slot in MemoryMarshal.Cast<T, long>(destination))
                    slot = value++;
                break;
            default:
                throw new InvalidDataException($"The data has the unknown encoding {_source[_at - 1]}.");
        }
    }

    private void SkipValues(int width) => Bytes((Encoding)Byte() == Encoding.Plain ? _rows * width : width);

    private void Texts(int target)
    {
        var offsets = new int[_rows + 1];
        if ((Encoding)Byte() == Encoding.Same)
        {
            // Only presence can differ between the rows; the empty text is the only one that nulls share with others.
            ReadOnlySpan<byte> text = Bytes(Int32());
            for (int row = 0; target >= 0 && row < _rows; row++)
                _builder.SetTextAt(target, _first + row, text);
            return;
        }

        ReadOnlySpan<int> lengths = MemoryMarshal.Cast<byte, int>(Bytes(_rows * sizeof(int)));
        for (int i = 0; i < _rows; i++)
            offsets[i + 1] = checked(offsets[i] + lengths[i]);
        ReadOnlySpan<byte> utf8 = Bytes(offsets[_rows]);
        if (target >= 0)
            _builder.SetTextsAt(target, _first, offsets, utf8);
    }

    private static unsafe int SizeOf<T>()
        where T : unmanaged => sizeof(T);

    private byte Byte() => _source[_at++];

    private int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(sizeof(int)));

    private ReadOnlySpan<byte> Bytes(int count)
    {
        ReadOnlySpan<byte> bytes = _source.Slice(_at, count);
        _at += count;
        return bytes;
    }
}

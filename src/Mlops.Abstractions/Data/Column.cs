using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Mlops.Data;

/// <summary>Read access to one column of a <see cref="RecordBatch"/>. Valid as long as the batch is.</summary>
public readonly unsafe struct Column
{
    private readonly ColumnBuffer _buffer;

    internal Column(FeedField field, ColumnBuffer buffer, int count)
    {
        Field = field;
        _buffer = buffer;
        Count = count;
    }

    /// <summary>Gets the field whose values these are.</summary>
    public FeedField Field { get; }

    /// <summary>Gets the physical type.</summary>
    public FieldType Type => _buffer.Type;

    /// <summary>Gets the number of values, nulls included.</summary>
    public int Count { get; }

    internal ColumnBuffer Buffer => _buffer;

    /// <summary>Gets how many values are null.</summary>
    public int NullCount => _buffer.NullCount;

    /// <summary>Gets the validity bitmap, least significant bit first, one bit a value, set = present.</summary>
    public ReadOnlySpan<byte> Validity => new(_buffer.Validity, (Count + 7) / 8);

    /// <summary>Gets the offsets of a column of texts or lists (<see cref="Count"/> + 1 values, in bytes).</summary>
    /// <exception cref="InvalidOperationException">The column holds neither.</exception>
    public ReadOnlySpan<int> Offsets => _buffer.HasOffsets ? new(_buffer.Offsets, Count + 1) : throw Mismatch("text");

    /// <summary>Gets all UTF-8 bytes of a text column, or the bytes of all lists.</summary>
    /// <exception cref="InvalidOperationException">The column holds neither.</exception>
    public ReadOnlySpan<byte> TextBytes => new(_buffer.Values, Offsets[Count]);

    /// <summary>Gets the address of the values (of the UTF-8 bytes for text), for handing to native code.</summary>
    public nint ValuesAddress => (nint)_buffer.Values;

    /// <summary>Returns the values of a fixed-width column without a copy; slots of nulls hold zero.</summary>
    /// <typeparam name="T"><see cref="byte"/> or <see cref="bool"/> for Boolean, else <see cref="long"/>, <see cref="ulong"/> or <see cref="double"/>.</typeparam>
    /// <returns>A view of <see cref="Count"/> values.</returns>
    /// <exception cref="InvalidOperationException"><typeparamref name="T"/> has another width, or the column is text.</exception>
    public ReadOnlySpan<T> Values<T>()
        where T : unmanaged
    {
        int width = ColumnBuffer.Width(_buffer.Type);
        return width == sizeof(T) && width > 0 ? new ReadOnlySpan<T>(_buffer.Values, Count) : throw Mismatch(typeof(T).Name);
    }

    /// <summary>Tells whether a value is present.</summary>
    /// <param name="row">Row from 0.</param>
    /// <returns><see langword="false"/> for null.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsValid(int row) => _buffer.IsValid(row);

    /// <summary>Returns the elements of one list; empty for null.</summary>
    /// <typeparam name="T"><see cref="byte"/> or <see cref="bool"/> for lists of Booleans, else <see cref="long"/>, <see cref="ulong"/> or <see cref="double"/>.</typeparam>
    /// <param name="row">Row from 0.</param>
    /// <returns>A view of the elements.</returns>
    /// <exception cref="InvalidOperationException">The column holds no lists of elements of that width.</exception>
    public ReadOnlySpan<T> List<T>(int row)
        where T : unmanaged
    {
        bool fits = _buffer.Type.IsList() && ColumnBuffer.Width(_buffer.Type.Element()) == sizeof(T);
        return fits ? MemoryMarshal.Cast<byte, T>(Utf8(row)) : throw Mismatch($"lists of {typeof(T).Name}");
    }

    /// <summary>Returns the texts of one list of texts; none for null.</summary>
    /// <param name="row">Row from 0.</param>
    /// <returns>Walks the texts.</returns>
    /// <exception cref="InvalidOperationException">The column holds no lists of texts.</exception>
    public TextElements Texts(int row) => _buffer.Type == FieldType.TextList ? new(Utf8(row)) : throw Mismatch("lists of text");

    /// <summary>Returns the UTF-8 bytes of one text value; empty for null.</summary>
    /// <param name="row">Row from 0.</param>
    /// <returns>The bytes.</returns>
    public ReadOnlySpan<byte> Utf8(int row) => new(_buffer.Values + _buffer.Offsets[row], _buffer.Offsets[row + 1] - _buffer.Offsets[row]);

    /// <summary>Returns one value as a .NET object: bool, long, ulong, double, string, <see cref="DateTimeOffset"/> (100 ns) for timestamps, or an array of these.</summary>
    /// <param name="row">Row from 0.</param>
    /// <returns>The boxed value, <see langword="null"/> where there is none. For display and tests, not for hot paths.</returns>
    public object? GetValue(int row) => !IsValid(row) ? null : Type switch
    {
        FieldType.Boolean => _buffer.Values[row] != 0,
        FieldType.Int64 => ((long*)_buffer.Values)[row],
        FieldType.UInt64 => ((ulong*)_buffer.Values)[row],
        FieldType.Float64 => ((double*)_buffer.Values)[row],
        FieldType.Text => Encoding.UTF8.GetString(Utf8(row)),
        FieldType.BooleanList => List<bool>(row).ToArray(),
        FieldType.Int64List => List<long>(row).ToArray(),
        FieldType.UInt64List => List<ulong>(row).ToArray(),
        FieldType.Float64List => List<double>(row).ToArray(),
        FieldType.TextList => Strings(row),
        FieldType.TimestampList => Array.ConvertAll(List<long>(row).ToArray(), EpochTime.ToDateTimeOffset),
        _ => EpochTime.ToDateTimeOffset(((long*)_buffer.Values)[row]),
    };

    private string[] Strings(int row)
    {
        TextElements texts = Texts(row);
        var strings = new string[texts.Count()];
        for (int i = 0; texts.MoveNext(); i++)
            strings[i] = Encoding.UTF8.GetString(texts.Current);
        return strings;
    }

    private InvalidOperationException Mismatch(string wanted) =>
        new($"Column '{Field.Name}' holds {Type} and cannot be read as {wanted}.");
}

using System.Globalization;
using System.Text;
using Mlops.Data;

namespace Mlops.Store.Selection;

/// <summary>The labels that name records by the value of one field. Keys are text and are compared as values of the field's type.</summary>
internal sealed class KeyIndex(string name, FieldType type)
{
    private const int StackCharacters = 256;
    private readonly Dictionary<long, int> _values = [];
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);

    public string Field => name;

    /// <summary>Adds a key; the first rank of a key stays. A key that is no value of the field's type means no record.</summary>
    public void Add(string key, int rank)
    {
        if (type == FieldType.Text)
            _texts.TryAdd(key, rank);
        else if (Parse(key) is { } bits)
            _values.TryAdd(bits, rank);
    }

    /// <returns>The rank of the record's key, or <see cref="int.MaxValue"/>.</returns>
    public int Find(Column column, int row)
    {
        if (!column.IsValid(row))
            return int.MaxValue;
        if (type == FieldType.Text)
            return FindText(column.Utf8(row));
        long bits = type == FieldType.Boolean ? column.Values<byte>()[row] : column.Values<long>()[row];
        return _values.GetValueOrDefault(type == FieldType.Float64 ? Bits(BitConverter.Int64BitsToDouble(bits)) : bits, int.MaxValue);
    }

    private int FindText(ReadOnlySpan<byte> utf8)
    {
        Span<char> characters = utf8.Length <= StackCharacters ? stackalloc char[StackCharacters] : new char[utf8.Length];
        int length = Encoding.UTF8.GetChars(utf8, characters);
        return _texts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(characters[..length], out int rank) ? rank : int.MaxValue;
    }

    private long? Parse(string key) => type switch
    {
        FieldType.Boolean => bool.TryParse(key, out bool flag) ? (flag ? 1 : 0) : key is "1" or "0" ? key[0] - '0' : null,
        FieldType.UInt64 => ulong.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out ulong unsigned) ? (long)unsigned : null,
        FieldType.Float64 => double.TryParse(key, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) ? Bits(real) : null,
        FieldType.Int64 => long.TryParse(key, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer) ? integer : null,
        _ => long.TryParse(key, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long nanoseconds) ? nanoseconds
            : DateTimeOffset.TryParse(key, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? EpochTime.FromDateTimeOffset(time) : null,
    };

    // Zero has two spellings.
    private static long Bits(double value) => value == 0 ? 0 : BitConverter.DoubleToInt64Bits(value);
}

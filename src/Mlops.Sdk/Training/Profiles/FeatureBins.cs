using System.Globalization;
using System.Text;
using Mlops.Data;

namespace Mlops.Training.Profiles;

/// <summary>Sorts values into the bins of a profile. Used by one thread at a time.</summary>
internal sealed class FeatureBins
{
    private readonly double[]? _edges;
    private readonly Dictionary<string, int>? _classes;

    public FeatureBins(IReadOnlyList<double>? edges, IReadOnlyList<string>? classes)
    {
        _edges = edges is null ? null : [.. edges];
        _classes = classes?.Select((name, index) => (name, index)).ToDictionary(c => c.name, c => c.index, StringComparer.Ordinal);
        Missing = (_edges?.Length ?? _classes!.Count) + 1;
    }

    /// <summary>Gets the bin of missing values, the last one.</summary>
    public int Missing { get; }

    /// <summary>Returns the bin of a value of a column.</summary>
    public int Of(Column column, int row)
    {
        if (!column.IsValid(row))
            return Missing;
        return column.Type switch
        {
            FieldType.Float64 => Of(column.Values<double>()[row]),
            FieldType.Int64 or FieldType.Timestamp => Of(column.Values<long>()[row]),
            FieldType.UInt64 => Of(column.Values<ulong>()[row]),
            FieldType.Boolean => Of(column.Values<byte>()[row] != 0 ? "true" : "false"),
            _ => Of(column.Utf8(row)),
        };
    }

    private int Of(double value)
    {
        if (double.IsNaN(value))
            return Missing;
        if (_edges is null)
            return Of(value.ToString(CultureInfo.InvariantCulture));
        int index = Array.BinarySearch(_edges, value);
        return index < 0 ? ~index : index;
    }

    private int Of(ReadOnlySpan<byte> utf8)
    {
        Span<char> characters = utf8.Length <= 256 ? stackalloc char[256] : new char[utf8.Length];
        return Of(characters[..Encoding.UTF8.GetChars(utf8, characters)]);
    }

    private int Of(ReadOnlySpan<char> text)
    {
        // A label that is text may be the truth for answers that are numbers.
        if (_edges is not null)
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? Of(number) : Missing;
        return _classes!.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out int index) ? index : Missing - 1;
    }
}

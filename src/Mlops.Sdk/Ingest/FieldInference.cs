using Mlops.Data;

namespace Mlops.Ingest;

/// <summary>Finds the fields that records given as .NET values need, and writes the values.</summary>
internal static class FieldInference
{
    /// <summary>Returns the fields by the types of the values; a field that holds only nulls is left out.</summary>
    /// <exception cref="ArgumentException">A value is of a type that no field has, or two values of a field do not go together.</exception>
    public static List<FeedField> Infer(string feed, IReadOnlyList<FeedRecord> records, FeedSchema? known)
    {
        var fields = new List<FeedField>();
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (FeedRecord record in records)
        {
            foreach ((string name, object? value) in record.Values)
            {
                if (value is null || (known is not null && known.IndexOf(name) >= 0))
                    continue;
                FieldType type = TypeOf(feed, name, value);
                if (!index.TryGetValue(name, out int i))
                {
                    index.Add(name, fields.Count);
                    fields.Add(new FeedField(name, type));
                }
                else if (fields[i].Type != type)
                {
                    fields[i] = fields[i] with { Type = Wider(feed, name, fields[i].Type, type) };
                }
            }
        }

        return fields;
    }

    /// <summary>Writes a value into the row that was begun.</summary>
    /// <exception cref="ArgumentException">It does not fit the field.</exception>
    public static void Write(RecordBatchBuilder rows, int column, object value)
    {
        FeedField field = rows.Schema.Fields[column];
        switch (field.Type)
        {
            case FieldType.Boolean when value is bool truth:
                rows.SetBoolean(column, truth);
                return;
            case FieldType.Text when value is string text:
                rows.SetText(column, System.Text.Encoding.UTF8.GetBytes(text));
                return;
            case FieldType.Timestamp when value is DateTimeOffset time:
                rows.SetInstant(column, EpochTime.FromDateTimeOffset(time));
                return;
            case FieldType.Int64 when AsInteger(value) is { } integer && integer >= long.MinValue && integer <= long.MaxValue:
                rows.SetInt64(column, (long)integer);
                return;
            case FieldType.UInt64 when AsInteger(value) is { } integer && integer >= 0 && integer <= ulong.MaxValue:
                rows.SetUInt64(column, (ulong)integer);
                return;
            case FieldType.Float64 when AsInteger(value) is { } integer:
                rows.SetFloat64(column, (double)integer);
                return;
            case FieldType.Float64 when value is float or double or decimal:
                rows.SetFloat64(column, Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture));
                return;
            default:
                throw new ArgumentException($"Feed '{rows.Schema.Feed}': the value '{value}' ({value.GetType().Name}) does not fit the field '{field.Name}', which holds {field.Type}.");
        }
    }

    private static Int128? AsInteger(object value) => value switch
    {
        sbyte v => v,
        byte v => v,
        short v => v,
        ushort v => v,
        int v => v,
        uint v => v,
        long v => v,
        ulong v => v,
        double v when double.IsInteger(v) && Math.Abs(v) <= 1L << 53 => (Int128)v,
        _ => null,
    };

    private static FieldType TypeOf(string feed, string name, object value) => value switch
    {
        bool => FieldType.Boolean,
        sbyte or byte or short or ushort or int or uint or long => FieldType.Int64,
        ulong => FieldType.UInt64,
        float or double or decimal => FieldType.Float64,
        string => FieldType.Text,
        DateTimeOffset => FieldType.Timestamp,
        _ => throw new ArgumentException(
            $"Feed '{feed}': the field '{name}' cannot hold a {value.GetType().Name}. Give bool, an integer, a floating-point number, string or DateTimeOffset."),
    };

    private static FieldType Wider(string feed, string name, FieldType a, FieldType b) =>
        IsNumber(a) && IsNumber(b) ? FieldType.Float64
        : throw new ArgumentException($"Feed '{feed}': the field '{name}' has values of {a} and of {b}. Give all of them one type.");

    private static bool IsNumber(FieldType type) => type is FieldType.Int64 or FieldType.UInt64 or FieldType.Float64;
}

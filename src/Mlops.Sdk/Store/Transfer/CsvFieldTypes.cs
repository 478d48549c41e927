using System.Globalization;
using System.Text;
using Mlops.Data;
using Mlops.Ingest;

namespace Mlops.Store.Transfer;

/// <summary>Tells from texts what type a new field is to have, and reads texts as values of a type.</summary>
internal static class CsvFieldTypes
{
    private static readonly FieldType[] Narrowest = [FieldType.Boolean, FieldType.Int64, FieldType.Float64, FieldType.Timestamp];

    /// <summary>Returns the narrowest type that takes all values; text where there is none, or no value.</summary>
    public static FieldType Infer(IEnumerable<string?> values)
    {
        string[] present = [.. values.OfType<string>()];
        return present.Length == 0 ? FieldType.Text : Array.Find(Narrowest, type => present.All(v => Fits(type, v))) is var found && found != default ? found : FieldType.Text;
    }

    /// <summary>Sets a value of the row begun last.</summary>
    /// <returns><see langword="false"/> when the text is no value of the field's type.</returns>
    public static bool TrySet(RecordBatchBuilder builder, int column, string text)
    {
        switch (builder.Schema.Fields[column].Type)
        {
            case FieldType.Boolean when TryBoolean(text, out bool flag):
                builder.SetBoolean(column, flag);
                return true;
            case FieldType.Int64 when TryInteger(text, out long integer):
                builder.SetInt64(column, integer);
                return true;
            case FieldType.UInt64 when ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong unsigned):
                builder.SetUInt64(column, unsigned);
                return true;
            case FieldType.Float64 when TryNumber(text, out double number):
                builder.SetFloat64(column, number);
                return true;
            case FieldType.Timestamp when TryInstant(text, out long instant):
                builder.SetInstant(column, instant);
                return true;
            case FieldType.Text:
                builder.SetText(column, Encoding.UTF8.GetBytes(text));
                return true;
            default:
                return false;
        }
    }

    public static bool TryInstant(string text, out long nanoseconds) => IsoTime.TryParse(Encoding.UTF8.GetBytes(text), out nanoseconds);

    private static bool Fits(FieldType type, string text) => type switch
    {
        FieldType.Boolean => TryBoolean(text, out _),
        FieldType.Int64 => TryInteger(text, out _),
        FieldType.Float64 => TryNumber(text, out _),
        _ => TryInstant(text, out _),
    };

    private static bool TryBoolean(string text, out bool value) => bool.TryParse(text, out value);

    private static bool TryInteger(string text, out long value) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static bool TryNumber(string text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}

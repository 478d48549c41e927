using System.Globalization;
using System.Text;
using Mlops.Data;

namespace Mlops.Workflows.Rehearsal;

/// <summary>Turns cells of CSV files into values of records.</summary>
internal static class CellText
{
    /// <summary>Sets a value of the builder's current row; tells whether the cell is one of that type.</summary>
    public static bool TrySet(RecordBatchBuilder builder, int column, FieldType type, string text)
    {
        switch (type)
        {
            case FieldType.Float64 when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number):
                builder.SetFloat64(column, number);
                return true;
            case FieldType.Int64 when long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long integer):
                builder.SetInt64(column, integer);
                return true;
            case FieldType.UInt64 when ulong.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out ulong unsigned):
                builder.SetUInt64(column, unsigned);
                return true;
            case FieldType.Boolean when Boolean(text) is { } boolean:
                builder.SetBoolean(column, boolean);
                return true;
            case FieldType.Text:
                builder.SetText(column, Encoding.UTF8.GetBytes(text));
                return true;
            case FieldType.Timestamp when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time):
                builder.SetInstant(column, EpochTime.FromDateTimeOffset(time));
                return true;
            default:
                return false;
        }
    }

    /// <summary>Returns the type that all cells of a column have: boolean, whole number, number, else text.</summary>
    public static FieldType TypeOf(IReadOnlyCollection<string> cells)
    {
        if (cells.Count == 0)
            return FieldType.Text;
        if (cells.All(c => Boolean(c) is not null && c is not ("0" or "1")))
            return FieldType.Boolean;
        if (cells.All(c => long.TryParse(c, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)))
            return FieldType.Int64;
        return cells.All(c => double.TryParse(c, NumberStyles.Float, CultureInfo.InvariantCulture, out _)) ? FieldType.Float64 : FieldType.Text;
    }

    public static bool? Boolean(string text) => text.ToUpperInvariant() switch
    {
        "TRUE" or "1" => true,
        "FALSE" or "0" => false,
        _ => null,
    };
}

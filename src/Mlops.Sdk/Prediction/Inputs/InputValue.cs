using System.Globalization;
using System.Text;
using Mlops.Data;
using Mlops.Workflows.Units;

namespace Mlops.Prediction.Inputs;

/// <summary>A value as an input wants it, kept apart from the batch that it came in.</summary>
/// <param name="Bits">A number's bits, or 0 and 1 for a Boolean.</param>
/// <param name="Text">A text's UTF-8 bytes.</param>
internal readonly record struct InputValue(long Bits, byte[]? Text)
{
    /// <summary>Reads a value that is there.</summary>
    /// <param name="type">The type of the input, which the column's fits.</param>
    /// <param name="column">The column.</param>
    /// <param name="row">The row.</param>
    /// <param name="unit">What is done to a number.</param>
    public static InputValue Read(FieldType type, Column column, int row, UnitConversion? unit) => type switch
    {
        FieldType.Float64 => new InputValue(BitConverter.DoubleToInt64Bits(Number(column, row, unit)), null),
        FieldType.Int64 => new InputValue(Whole(column, row), null),
        FieldType.UInt64 => new InputValue(unchecked((long)column.Values<ulong>()[row]), null),
        FieldType.Boolean => new InputValue(column.Values<byte>()[row] != 0 ? 1 : 0, null),
        FieldType.Text => new InputValue(0, column.Utf8(row).ToArray()),
        _ => new InputValue(column.Values<long>()[row], null),
    };

    /// <summary>Turns a default of the manifest into a value.</summary>
    public static InputValue Of(FieldType type, object value) => type switch
    {
        FieldType.Float64 => new InputValue(BitConverter.DoubleToInt64Bits(Convert.ToDouble(value, CultureInfo.InvariantCulture)), null),
        FieldType.Boolean => new InputValue((bool)value ? 1 : 0, null),
        FieldType.Text => new InputValue(0, Encoding.UTF8.GetBytes((string)value)),
        _ => new InputValue((long)value, null),
    };

    /// <summary>Sets it in the row that was begun last.</summary>
    public void Set(RecordBatchBuilder builder, int input)
    {
        switch (builder.Schema.Fields[input].Type)
        {
            case FieldType.Float64: builder.SetFloat64(input, BitConverter.Int64BitsToDouble(Bits)); break;
            case FieldType.Int64: builder.SetInt64(input, Bits); break;
            case FieldType.UInt64: builder.SetUInt64(input, unchecked((ulong)Bits)); break;
            case FieldType.Boolean: builder.SetBoolean(input, Bits != 0); break;
            case FieldType.Text: builder.SetText(input, Text); break;
            default: builder.SetInstant(input, Bits); break;
        }
    }

    /// <summary>Copies a value that is there from a column into the row that was begun last, without keeping it.</summary>
    public static void Copy(RecordBatchBuilder builder, int input, Column column, int row, UnitConversion? unit)
    {
        if (builder.Schema.Fields[input].Type == FieldType.Text)
            builder.SetText(input, column.Utf8(row));
        else
            Read(builder.Schema.Fields[input].Type, column, row, unit).Set(builder, input);
    }

    private static double Number(Column column, int row, UnitConversion? unit)
    {
        double number = column.Type switch
        {
            FieldType.Float64 => column.Values<double>()[row],
            FieldType.Int64 => column.Values<long>()[row],
            FieldType.UInt64 => column.Values<ulong>()[row],
            _ => column.Values<byte>()[row],
        };
        return unit is { } by ? by.Apply(number) : number;
    }

    private static long Whole(Column column, int row) => column.Type switch
    {
        FieldType.UInt64 => unchecked((long)Math.Min(column.Values<ulong>()[row], long.MaxValue)),
        FieldType.Boolean => column.Values<byte>()[row],
        _ => column.Values<long>()[row],
    };
}

using System.Numerics;
using Mlops.Data;
using Mlops.Onnx.Sessions;
using Mlops.Workflows;

namespace Mlops.Onnx.Prediction;

/// <summary>Fills one tensor of numbers from columns of records, row by row; of windows, where there are any: (windows, rows of a window, columns).</summary>
internal sealed class NumberInput(string title, int input, OnnxValueInfo info, int[] columns, NumberRule[] rules, int window = 0) : IModelInput
{
    private readonly OnnxElementType _type = info.ElementType;
    private readonly bool _isFlat = info.Shape.Count == 1;
    private readonly bool _refuses = rules.Any(rule => !rule.Nan || !rule.Infinite || !rule.Huge);

    public void Fill(OnnxCall call, RecordBatch batch)
    {
        switch (_type)
        {
            case OnnxElementType.Double: Fill(Target<double>(call, batch.Count), batch); break;
            case OnnxElementType.Float: Fill(Target<float>(call, batch.Count), batch); break;
            case OnnxElementType.Int64: Fill(Target<long>(call, batch.Count), batch); break;
            case OnnxElementType.Int32: Fill(Target<int>(call, batch.Count), batch); break;
            default: Fill(Target<byte>(call, batch.Count), batch); break;
        }
    }

    private Span<T> Target<T>(OnnxCall call, int rows)
        where T : unmanaged => window > 0 ? call.Input<T>(input, rows / window, window, columns.Length) : _isFlat ? call.Input<T>(input, rows) : call.Input<T>(input, rows, columns.Length);

    private void Fill<T>(Span<T> target, RecordBatch batch)
        where T : unmanaged, INumberBase<T>
    {
        for (int at = 0; at < columns.Length; at++)
        {
            Column column = batch.Column(columns[at]);
            bool hasNulls = column.NullCount > 0;
            switch (column.Type)
            {
                case FieldType.Float64: Copy(column.Values<double>(), target, at, hasNulls, column); break;
                case FieldType.Int64: Copy(column.Values<long>(), target, at, hasNulls, column); break;
                case FieldType.UInt64: Copy(column.Values<ulong>(), target, at, hasNulls, column); break;
                default: Copy(column.Values<byte>(), target, at, hasNulls, column); break;
            }
        }
    }

    private void Copy<TFrom, T>(ReadOnlySpan<TFrom> values, Span<T> target, int at, bool hasNulls, Column column)
        where TFrom : unmanaged, INumberBase<TFrom>
        where T : unmanaged, INumberBase<T>
    {
        int width = columns.Length;
        for (int row = 0; row < values.Length; row++)
        {
            double value = hasNulls && !column.IsValid(row) ? double.NaN : double.CreateTruncating(values[row]);
            if (_refuses)
                Check(rules[at], value, row);

            // Whole numbers of more than 53 bits reach a tensor of whole numbers as they are.
            target[(row * width) + at] = typeof(T) == typeof(TFrom) && !hasNulls ? T.CreateTruncating(values[row]) : T.CreateSaturating(value);
        }
    }

    private void Check(NumberRule rule, double value, int row)
    {
        string? what = double.IsNaN(value) ? rule.Nan ? null : "missing or not a number"
            : double.IsInfinity(value) ? rule.Infinite ? null : "infinite"
            : !rule.Huge && float.IsInfinity((float)value) ? "larger than 32 bits of floating point hold" : null;
        if (what is not null)
            throw new WorkflowException($"Workflow {title}: the input '{rule.Name}' is {what} in row {row} of the batch, which the model does not take, like the code that trained it. Choose another 'fill' in workflow.yaml, or let a pipeline fill gaps.");
    }
}

using System.Numerics;
using Mlops.Data;
using Mlops.Onnx.Sessions;
using Mlops.Workflows;

namespace Mlops.Onnx.Prediction;

/// <summary>A column of numbers, booleans or texts of a tensor, as a field of the answers.</summary>
internal sealed class ValueOutput(string title, int output, OnnxValueInfo info, int column, int width, int field) : IModelOutput
{
    private byte[] _text = new byte[256];

    public void Read(OnnxCall call, RecordBatchBuilder answers, int rows)
    {
        OnnxValue value = call.Output(output);
        if (value.Count != (long)rows * width)
            throw new WorkflowException($"Workflow {title}: the output {info} has {value.Count} values for {rows} records; expected {width} a record.");
        switch (info.ElementType)
        {
            case OnnxElementType.Double: Copy(value.Values<double>(), answers); break;
            case OnnxElementType.Float: Copy(value.Values<float>(), answers); break;
            case OnnxElementType.Int64: Copy(value.Values<long>(), answers); break;
            case OnnxElementType.Int32: Copy(value.Values<int>(), answers); break;
            case OnnxElementType.Bool: Copy(value.Values<byte>(), answers); break;
            default: CopyTexts(value, answers, rows); break;
        }
    }

    /// <summary>Tells whether a tensor of that type can be a field of that type.</summary>
    public static bool Fits(OnnxElementType from, FieldType to) => from switch
    {
        OnnxElementType.Double or OnnxElementType.Float => to == FieldType.Float64,
        OnnxElementType.Int64 or OnnxElementType.Int32 => to is FieldType.Float64 or FieldType.Int64 or FieldType.Boolean,
        OnnxElementType.Bool => to is FieldType.Boolean,
        OnnxElementType.String => to == FieldType.Text,
        _ => false,
    };

    private void Copy<T>(ReadOnlySpan<T> values, RecordBatchBuilder answers)
        where T : unmanaged, INumberBase<T>
    {
        switch (answers.Schema.Fields[field].Type)
        {
            case FieldType.Float64:
                Span<double> numbers = answers.Values<double>(field);
                for (int row = 0; row < numbers.Length; row++)
                {
                    numbers[row] = double.CreateTruncating(values[(row * width) + column]);
                    if (!double.IsNaN(numbers[row]))
                        answers.MarkValid(field, row);
                    else
                        numbers[row] = 0;
                }

                break;
            case FieldType.Int64:
                Span<long> integers = answers.Values<long>(field);
                for (int row = 0; row < integers.Length; row++)
                    integers[row] = long.CreateTruncating(values[(row * width) + column]);
                answers.MarkValid(field, 0, integers.Length);
                break;
            default:
                Span<byte> truths = answers.Values<byte>(field);
                for (int row = 0; row < truths.Length; row++)
                    truths[row] = T.IsZero(values[(row * width) + column]) ? (byte)0 : (byte)1;
                answers.MarkValid(field, 0, truths.Length);
                break;
        }
    }

    private void CopyTexts(OnnxValue value, RecordBatchBuilder answers, int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            int length = value.Text((row * width) + column, _text);
            if (length > _text.Length)
            {
                _text = new byte[length * 2];
                length = value.Text((row * width) + column, _text);
            }

            answers.SetTextAt(field, row, _text.AsSpan(0, length));
        }
    }
}

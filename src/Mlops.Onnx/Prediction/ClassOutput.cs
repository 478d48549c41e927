using System.Globalization;
using System.Text;
using Mlops.Data;
using Mlops.Onnx.Sessions;
using Mlops.Workflows;

namespace Mlops.Onnx.Prediction;

/// <summary>The label and its probability, in the forms in which exporters write them.</summary>
internal sealed class ClassOutput : IModelOutput
{
    private readonly string _title;
    private readonly int _label;
    private readonly int _chances;
    private readonly OnnxElementType _labelType;
    private readonly OnnxElementType _chancesType;
    private readonly byte[][] _classes;
    private readonly long[]? _numbers;
    private readonly byte[] _text = new byte[4096];

    public ClassOutput(string title, OnnxSession session, int label, int chances, IReadOnlyList<string> classes)
    {
        (_title, _label, _chances) = (title, label, chances);
        _labelType = label < 0 ? OnnxElementType.None : session.Outputs[label].ElementType;
        _chancesType = chances < 0 ? OnnxElementType.None : session.Outputs[chances].ElementType;
        _classes = [.. classes.Select(Encoding.UTF8.GetBytes)];
        long[] numbers = [.. classes.Select(name => long.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : long.MinValue)];
        _numbers = numbers.Contains(long.MinValue) ? null : numbers;
    }

    public void Read(OnnxCall call, RecordBatchBuilder answers, int rows)
    {
        Span<double> scores = answers.Values<double>(1);
        for (int row = 0; row < rows; row++)
        {
            int code = _label >= 0 ? Label(call, row) : Best(call, row);
            answers.SetTextAt(0, row, _classes[code]);
            double score = _chances >= 0 ? Chance(call, row, code) : double.NaN;
            if (double.IsNaN(score))
                continue;
            scores[row] = score;
            answers.MarkValid(1, row);
        }
    }

    private int Label(OnnxCall call, int row)
    {
        OnnxValue value = call.Output(_label);
        return _labelType switch
        {
            OnnxElementType.String => Known(_text.AsSpan(0, Math.Min(_text.Length, value.Text(row, _text)))),
            OnnxElementType.Int32 => Known(value.Values<int>()[row]),
            _ => Known(value.Values<long>()[row]),
        };
    }

    private int Known(long number)
    {
        long code = _numbers is null ? number : Array.IndexOf(_numbers, number);
        return code >= 0 && code < _classes.Length ? (int)code : throw Unknown(number.ToString(CultureInfo.InvariantCulture));
    }

    private int Known(ReadOnlySpan<byte> text)
    {
        for (int code = 0; code < _classes.Length; code++)
        {
            if (text.SequenceEqual(_classes[code]))
                return code;
        }

        throw Unknown(Encoding.UTF8.GetString(text));
    }

    private int Best(OnnxCall call, int row)
    {
        int best = 0;
        for (int code = 1; code < _classes.Length; code++)
        {
            if (Chance(call, row, code) > Chance(call, row, best))
                best = code;
        }

        return best;
    }

    private double Chance(OnnxCall call, int row, int code)
    {
        OnnxValue value = call.Output(_chances);
        return _chancesType switch
        {
            OnnxElementType.Double => value.Values<double>()[(row * _classes.Length) + code],
            OnnxElementType.Float => value.Values<float>()[(row * _classes.Length) + code],
            _ => OfMap(value, row, code),
        };
    }

    /// <summary>A sequence with a map for each row, from class to probability.</summary>
    private double OfMap(OnnxValue sequence, int row, int code)
    {
        using OnnxValue map = sequence.Item(row);
        using OnnxValue keys = map.Item(0);
        using OnnxValue values = map.Item(1);
        ReadOnlySpan<float> chances = values.Values<float>();
        for (int i = 0; i < chances.Length; i++)
        {
            int key = keys.ElementType == OnnxElementType.String
                ? Known(_text.AsSpan(0, Math.Min(_text.Length, keys.Text(i, _text))))
                : Known(keys.Values<long>()[i]);
            if (key == code)
                return chances[i];
        }

        return double.NaN;
    }

    private WorkflowException Unknown(string label) => new(
        $"Workflow {_title}: the model answered with the class '{label}', which output.classes of workflow.yaml does not name. Name all classes, in the model's order.");
}

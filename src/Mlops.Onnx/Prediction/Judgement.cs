using System.Globalization;
using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Onnx.Prediction;

/// <summary>Compares answers with the truth: accuracy for classes, R² and mean absolute error for a number.</summary>
internal sealed class Judgement(WorkflowManifest manifest)
{
    private readonly int _field = manifest.Output.Classes is not null ? 0 : Math.Max(0, AnswerSchema.Of(manifest).IndexOf(manifest.Label ?? ""));
    private long _count;
    private long _right;
    private double _errors;
    private double _squares;
    private double _sum;
    private double _sumOfSquares;

    public void Add(RecordBatch answers, Column truth)
    {
        Column answered = answers.Column(_field);
        int rowsEach = manifest.Window?.Rows ?? 1;
        for (int row = 0; row < answers.Count; row++)
        {
            int last = ((row + 1) * rowsEach) - 1;
            if (!truth.IsValid(last) || !answered.IsValid(row))
                continue;
            object wanted = truth.GetValue(last)!, got = answered.GetValue(row)!;
            if (manifest.Output.Classes is not null)
                _right += Text(wanted) == Text(got) ? 1 : 0;
            else if (got is double number && wanted is double or long or ulong)
                Add(number, Convert.ToDouble(wanted, CultureInfo.InvariantCulture));
            else
                continue;
            _count++;
        }
    }

    public void Report(ITrainingObserver observer)
    {
        if (_count == 0)
            return;
        if (manifest.Output.Classes is not null)
        {
            observer.Metric("accuracy", (double)_right / _count, null);
            return;
        }

        double spread = _sumOfSquares - (_sum * _sum / _count);
        if (spread > 0)
            observer.Metric("r2", 1 - (_squares / spread), null);
        observer.Metric("mae", _errors / _count, null);
    }

    private static string Text(object value) => value is bool truth ? truth ? "true" : "false" : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private void Add(double got, double wanted)
    {
        _errors += Math.Abs(got - wanted);
        _squares += (got - wanted) * (got - wanted);
        _sum += wanted;
        _sumOfSquares += wanted * wanted;
    }
}

using System.Globalization;
using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Training.Profiles;

/// <summary>Describes the distribution of training data: numbers by tenths, everything else by its most frequent values.</summary>
internal static class ProfileBuilder
{
    private const int Quantiles = 10;
    private const int MaxClasses = 50;
    private const int MaxSample = 100_000;

    /// <summary>Describes what a model learns from.</summary>
    /// <param name="data">The data.</param>
    /// <param name="numericAnswers">Whether the model answers with numbers, so that a label in text stands for a number.</param>
    public static ModelProfile Build(TrainingData data, bool numericAnswers)
    {
        int inputs = data.Inputs.Fields.Count;
        return new ModelProfile(
            [.. Enumerable.Range(0, inputs).Select(i => Build(data.Inputs.Fields[i].Name, data.Batches, i, IsNumber(data.Inputs.Fields[i].Type)))],
            data.LabelType is { } label ? Build("label", data.Batches, inputs, numericAnswers || IsNumber(label)) : null);
    }

    /// <summary>Describes one column of some batches.</summary>
    public static FeatureProfile Build(string name, IReadOnlyList<RecordBatch> batches, int column, bool numeric)
    {
        List<double>? edges = numeric ? Edges(batches, column) : null;
        List<string>? classes = numeric ? null : Classes(batches, column);
        var bins = new FeatureBins(edges, classes);
        long[] counts = new long[bins.Missing + 1];
        foreach (RecordBatch batch in batches)
        {
            Column values = batch.Column(column);
            for (int row = 0; row < batch.Count; row++)
                counts[bins.Of(values, row)]++;
        }

        return new FeatureProfile { Name = name, Edges = edges, Classes = classes, Counts = counts };
    }

    private static bool IsNumber(FieldType type) => type is FieldType.Float64 or FieldType.Int64 or FieldType.UInt64 or FieldType.Timestamp;

    private static List<double> Edges(IReadOnlyList<RecordBatch> batches, int column)
    {
        long rows = batches.Sum(b => (long)b.Count), stride = Math.Max(1, rows / MaxSample), index = 0;
        var sample = new List<double>();
        double lowest = double.PositiveInfinity, highest = double.NegativeInfinity;
        foreach (RecordBatch batch in batches)
        {
            Column values = batch.Column(column);
            for (int row = 0; row < batch.Count; row++)
            {
                double value = Number(values, row);
                if (double.IsNaN(value))
                    continue;
                (lowest, highest) = (Math.Min(lowest, value), Math.Max(highest, value));
                if (index++ % stride == 0)
                    sample.Add(value);
            }
        }

        if (sample.Count == 0)
            return [];
        sample.Sort();
        var edges = new SortedSet<double> { Math.BitDecrement(lowest), highest };
        for (int i = 1; i < Quantiles; i++)
            edges.Add(sample[(int)((long)i * (sample.Count - 1) / Quantiles)]);
        return [.. edges.Where(double.IsFinite)];
    }

    private static List<string> Classes(IReadOnlyList<RecordBatch> batches, int column)
    {
        const int MaxSeen = 10_000;
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (RecordBatch batch in batches)
        {
            Column values = batch.Column(column);
            for (int row = 0; row < batch.Count; row++)
            {
                string? text = values.GetValue(row) switch { null => null, bool flag => flag ? "true" : "false", var other => Convert.ToString(other, CultureInfo.InvariantCulture) };
                if (text is not null && (counts.ContainsKey(text) || counts.Count < MaxSeen))
                    counts[text] = counts.GetValueOrDefault(text) + 1;
            }
        }

        return [.. counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Take(MaxClasses).Select(c => c.Key)];
    }

    private static double Number(Column column, int row) => !column.IsValid(row) ? double.NaN : column.Type switch
    {
        FieldType.Float64 => column.Values<double>()[row],
        FieldType.Int64 or FieldType.Timestamp => column.Values<long>()[row],
        FieldType.UInt64 => column.Values<ulong>()[row],
        FieldType.Boolean => column.Values<byte>()[row],
        _ => double.TryParse((string)column.GetValue(row)!, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN,
    };
}

using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Runtime.Engines;

/// <summary>
/// Makes the rows on which answers are compared: records of the training, and rows that no training has seen, put together from values of
/// different records, some with gaps, some with values at the edge of floating point.
/// </summary>
internal static class TrialRows
{
    /// <summary>The largest batch.</summary>
    public const int MaxRows = 256;

    private const int Records = 1024;
    private const int Mixed = 1024;
    private const int Gapped = 64;
    private const int Edges = 32;
    private static readonly double[] s_edges = [double.PositiveInfinity, double.NegativeInfinity, double.NaN, 1e39, -1e39, 0.0, -0.0, 1e-300];

    /// <summary>Makes them; the caller disposes each batch. Rows of the last ones may be refused one by one.</summary>
    public static IEnumerable<RecordBatch> Of(TrainingData data)
    {
        RecordBatch[] sources = [.. data.Batches.Where(batch => batch.Count > 0)];
        if (sources.Length == 0)
            yield break;
        var builder = new RecordBatchBuilder(data.Inputs);

        // The same data gives the same rows, so that a choice can be understood later.
        var random = new Random(unchecked((int)data.Rows));
        long rows = sources.Sum(batch => (long)batch.Count);
        long wanted = Math.Min(Records, rows);
        for (long i = 0; i < wanted; i++)
        {
            (RecordBatch batch, int row) = At(sources, i * rows / wanted);
            Append(builder, _ => (batch, row), _ => false);
            if (builder.Count == MaxRows || i == wanted - 1)
                yield return builder.Build();
        }

        foreach ((int count, double gaps) in ((int, double)[])[(Mixed, 0), (Gapped, 0.15)])
        {
            for (int i = 0; i < count; i++)
            {
                Append(builder, _ => At(sources, random.NextInt64(rows)), _ => random.NextDouble() < gaps);
                if (builder.Count == MaxRows || i == count - 1)
                    yield return builder.Build();
            }
        }

        for (int i = 0; i < Edges; i++)
        {
            Append(builder, _ => At(sources, random.NextInt64(rows)), _ => false);
            for (int column = 0; column < data.Inputs.Fields.Count; column++)
            {
                if (data.Inputs.Fields[column].Type == FieldType.Float64 && (random.Next(data.Inputs.Fields.Count) == 0 || column == i % data.Inputs.Fields.Count))
                    builder.Values<double>(column)[builder.Count - 1] = s_edges[i % s_edges.Length];
            }
        }

        yield return builder.Build();
    }

    private static void Append(RecordBatchBuilder builder, Func<int, (RecordBatch, int)> source, Func<int, bool> isGap)
    {
        (RecordBatch first, int at) = source(0);
        builder.BeginRow(first.Timestamps[at]);
        for (int column = 0; column < builder.Schema.Fields.Count; column++)
        {
            (RecordBatch batch, int row) = source(column);
            if (!isGap(column))
                builder.Copy(column, batch.Column(column), row);
        }

        builder.EndRow();
    }

    private static (RecordBatch Batch, int Row) At(RecordBatch[] sources, long index)
    {
        foreach (RecordBatch batch in sources)
        {
            if (index < batch.Count)
                return (batch, (int)index);
            index -= batch.Count;
        }

        throw new ArgumentOutOfRangeException(nameof(index));
    }
}

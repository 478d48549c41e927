using System.Globalization;
using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Runtime.Engines;

/// <summary>Compares the answers of a package with those of an engine. Both must also refuse the same rows.</summary>
internal sealed class AnswerComparison(IPredictor own, IPredictor fast)
{
    private const double Tolerance = 1e-5;

    /// <summary>Gets how many rows agree.</summary>
    public long Rows { get; private set; }

    /// <summary>Gets the largest difference between two numbers, relative where they are larger than 1.</summary>
    public double Largest { get; private set; }

    /// <summary>Gets where they differ, completing "…, but "; <see langword="null"/> while they agree.</summary>
    public string? Difference { get; private set; }

    /// <summary>Compares batches, and disposes them, until one differs.</summary>
    public async Task RunAsync(IEnumerable<RecordBatch> batches, CancellationToken cancellationToken)
    {
        foreach (RecordBatch batch in batches)
        {
            using (batch)
            {
                if (Difference is null && !await CompareAsync(batch, cancellationToken).ConfigureAwait(false))
                    await CompareRowsAsync(batch, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Returns false when one of them refuses the batch: then rows must be looked at one by one.</summary>
    private async Task<bool> CompareAsync(RecordBatch batch, CancellationToken cancellationToken)
    {
        using RecordBatch? wanted = await TryAsync(own, batch, cancellationToken).ConfigureAwait(false);
        using RecordBatch? got = await TryAsync(fast, batch, cancellationToken).ConfigureAwait(false);
        if (batch.Count > 1 && (wanted is null || got is null))
            return false;
        if (wanted is null != got is null)
            Difference = $"{(got is null ? "the converted model" : "the package")} refuses the row {Show(batch, 0)}, which {(got is null ? "the package" : "the converted model")} answers.";
        for (int column = 0; wanted is not null && got is not null && Difference is null && column < wanted.Schema.Fields.Count; column++)
        {
            for (int row = 0; row < batch.Count && Difference is null; row++)
                Compare(wanted.Column(column), got.Column(column), row, batch);
        }

        if (Difference is null)
            Rows += batch.Count;
        return true;
    }

    private async Task CompareRowsAsync(RecordBatch batch, CancellationToken cancellationToken)
    {
        var builder = new RecordBatchBuilder(batch.Schema, 1);
        for (int row = 0; row < batch.Count && Difference is null; row++)
        {
            builder.Append(batch, row, 1);
            using RecordBatch single = builder.Build();
            await CompareAsync(single, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<RecordBatch?> TryAsync(IPredictor predictor, RecordBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            return await predictor.PredictAsync(batch, cancellationToken).ConfigureAwait(false);
        }
        catch (WorkflowException)
        {
            return null;
        }
    }

    private void Compare(Column wanted, Column got, int row, RecordBatch batch)
    {
        object? a = wanted.GetValue(row), b = got.GetValue(row);
        if (a is double x && b is double y)
        {
            double difference = x.Equals(y) ? 0 : Math.Abs(x - y) / Math.Max(1, Math.Abs(x));
            if (difference <= Tolerance)
            {
                Largest = Math.Max(Largest, difference);
                return;
            }
        }
        else if (Equals(a, b))
        {
            return;
        }

        Difference = string.Create(CultureInfo.InvariantCulture, $"'{wanted.Field.Name}' is {b ?? "null"} where the package says {a ?? "null"}, for the row {Show(batch, row)}.");
    }

    private static string Show(RecordBatch batch, int row)
    {
        const int Most = 12;
        IEnumerable<string> cells = batch.Schema.Fields.Take(Most).Select((field, i) => string.Create(CultureInfo.InvariantCulture, $"{field.Name}={batch.Column(i).GetValue(row) ?? "null"}"));
        return string.Join(", ", cells) + (batch.Schema.Fields.Count > Most ? ", …" : "");
    }
}

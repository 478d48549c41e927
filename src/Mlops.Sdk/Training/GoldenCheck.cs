using System.Globalization;
using System.Text;
using Mlops.Data;
using Mlops.Workflows;
using Mlops.Workflows.Packages;

namespace Mlops.Training;

/// <summary>Runs the golden cases of a package against a new model, before it counts.</summary>
internal static class GoldenCheck
{
    // A model is trained anew each time: what it computes is compared as engineers would, not bit by bit.
    private const double RelativeTolerance = 1e-3;
    private const double AbsoluteTolerance = 1e-6;
    private const int MaxRows = 256;

    /// <summary>Asks the model for each case.</summary>
    /// <returns>How many cases passed: all.</returns>
    /// <exception cref="WorkflowException">A case failed; the message names its line.</exception>
    public static async Task<long> RunAsync(
        WorkflowPackage package, IWorkflowRuntime runtime, string modelFolder, FeedSchema inputs, IReadOnlyList<string>? classes, CancellationToken cancellationToken)
    {
        var findings = new FindingList(package.Manifest.Golden!);
        GoldenFile golden = GoldenFile.Read(package.Folder, package.Manifest.Golden!, package.Manifest, findings) ?? throw Finding.ToException(package.Manifest.Name, findings.All);

        // In a process of its own even when trusted: nobody has seen this model answer yet, and the host's may be busy predicting.
        WorkflowPackage isolated = package with { Manifest = package.Manifest with { Isolated = true } };
        IPredictor predictor = await runtime.LoadAsync(new PredictorRequest(isolated, modelFolder, inputs, classes, Math.Min(MaxRows, golden.Rows.Count)), cancellationToken).ConfigureAwait(false);
        await using (predictor.ConfigureAwait(false))
        {
            foreach ((int Line, IReadOnlyList<string?> Cells)[] rows in golden.Rows.Chunk(MaxRows))
            {
                using RecordBatch batch = Batch(golden, inputs, rows);
                using RecordBatch answers = await predictor.PredictAsync(batch, cancellationToken).ConfigureAwait(false);
                if (answers.Count != rows.Length)
                    throw new WorkflowException($"The golden cases got {answers.Count} answers for {rows.Length} rows. Let predict return one result a row.");
                Compare(golden, rows, answers);
            }
        }

        return golden.Rows.Count;
    }

    private static RecordBatch Batch(GoldenFile golden, FeedSchema inputs, (int Line, IReadOnlyList<string?> Cells)[] rows)
    {
        var builder = new RecordBatchBuilder(inputs, rows.Length);
        foreach ((int line, IReadOnlyList<string?> cells) in rows)
        {
            builder.BeginRow(timestamp: 0);
            builder.SetPosition(line);
            for (int c = 0; c < inputs.Fields.Count; c++)
            {
                FeedField field = inputs.Fields[c];
                if (!golden.Inputs.TryGetValue(field.Name, out int column))
                    throw new WorkflowException($"{golden.File}:1: golden-column: There is no column for the input '{field.Name}' of the model. Add it; leave its cells empty for null.");
                if (cells[column] is { } text && !TrySet(builder, c, field.Type, text))
                    throw new WorkflowException($"{golden.File}:{line}: golden-value: {FindingList.Quote(text)} in column '{field.Name}' is no {field.Type}. Correct the cell, or leave it empty for null.");
            }

            builder.EndRow();
        }

        return builder.Build();
    }

    private static bool TrySet(RecordBatchBuilder builder, int column, FieldType type, string text)
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

    private static void Compare(GoldenFile golden, (int Line, IReadOnlyList<string?> Cells)[] rows, RecordBatch answers)
    {
        foreach ((string answer, int column) in golden.Expected)
        {
            Column got = answers.Column(answer);
            for (int row = 0; row < rows.Length; row++)
            {
                if (rows[row].Cells[column] is not { } expected || Matches(expected, got.GetValue(row)))
                    continue;
                throw new WorkflowException(
                    $"The golden case {golden.File}:{rows[row].Line} failed: '{answer}' is {Show(got.GetValue(row))} where {FindingList.Quote(expected)} is expected. "
                    + "The model was not stored. Correct the case if it is wrong, else train on data that covers it.");
            }
        }
    }

    private static bool Matches(string expected, object? got) => got switch
    {
        null => false,
        string text => text == expected,
        bool boolean => Boolean(expected) == boolean,
        _ => double.TryParse(expected, NumberStyles.Float, CultureInfo.InvariantCulture, out double wanted)
            && Convert.ToDouble(got, CultureInfo.InvariantCulture) is var number
            && (number.Equals(wanted) || Math.Abs(number - wanted) <= Math.Max(AbsoluteTolerance, RelativeTolerance * Math.Abs(wanted))),
    };

    private static bool? Boolean(string text) => text.ToUpperInvariant() switch
    {
        "TRUE" or "1" => true,
        "FALSE" or "0" => false,
        _ => null,
    };

    private static string Show(object? value) => value is null ? "null" : FindingList.Quote(Convert.ToString(value, CultureInfo.InvariantCulture)!);
}

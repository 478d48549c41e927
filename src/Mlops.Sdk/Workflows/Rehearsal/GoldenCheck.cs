using System.Globalization;
using Mlops.Data;
using Mlops.Workflows.Packages;
using Mlops.Workflows.Windows;

namespace Mlops.Workflows.Rehearsal;

/// <summary>Runs the golden cases of a package against a model: at upload on sample data, after training, and before it goes live.</summary>
internal static class GoldenCheck
{
    // A model is trained anew each time: what it computes is compared as engineers would, not bit by bit.
    private const double RelativeTolerance = 1e-3;
    private const double AbsoluteTolerance = 1e-6;
    private const int MaxRows = 256;
    private const int MaxTold = 20;

    /// <summary>Loads a new model in a process of its own and asks it for each case.</summary>
    /// <param name="package">The package.</param>
    /// <param name="runtime">Its runtime.</param>
    /// <param name="modelFolder">The model's files.</param>
    /// <param name="inputs">The inputs of the model.</param>
    /// <param name="classes">The classes of the model.</param>
    /// <param name="consequence">What follows from a failure, for the message.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many cases passed: all; <see langword="null"/> when they are of another table than the model.</returns>
    /// <exception cref="WorkflowException">A case failed; the message names line, field, what was expected and what came.</exception>
    public static async Task<long?> RunAsync(
        WorkflowPackage package, IWorkflowRuntime runtime, string modelFolder, FeedSchema inputs, IReadOnlyList<string>? classes, string consequence, CancellationToken cancellationToken)
    {
        GoldenFile golden = Read(package);
        if (!IsOfTable(golden, package.Manifest, inputs))
            return null;

        // In a process of its own even when trusted: nobody has seen this model answer yet, and the host's may be busy predicting.
        WorkflowPackage isolated = package with { Manifest = package.Manifest with { Isolated = true } };
        IPredictor predictor = await runtime.LoadAsync(new PredictorRequest(isolated, modelFolder, inputs, classes, Math.Min(MaxRows, golden.Rows.Count)) { IsRehearsal = true }, cancellationToken).ConfigureAwait(false);
        await using (predictor.ConfigureAwait(false))
            return await RunAsync(package.Manifest, golden, predictor, inputs, MaxRows, consequence, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks a model that is loaded already; nothing when the package has no golden cases, or only such of another table.</summary>
    /// <exception cref="WorkflowException">A case failed.</exception>
    public static async Task RunAsync(WorkflowPackage package, IPredictor predictor, FeedSchema inputs, int maxRows, string consequence, CancellationToken cancellationToken)
    {
        if (package.Manifest.Golden is null)
            return;
        GoldenFile golden = Read(package);
        if (IsOfTable(golden, package.Manifest, inputs))
            await RunAsync(package.Manifest, golden, predictor, inputs, Math.Min(maxRows, MaxRows), consequence, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Tells whether cases concern a model: those of a workflow that takes any table are of the one whose columns they have.</summary>
    private static bool IsOfTable(GoldenFile golden, WorkflowManifest manifest, FeedSchema inputs) =>
        manifest.Inputs is not null || inputs.Fields.Select(f => f.Name).ToHashSet(StringComparer.Ordinal).SetEquals(golden.Inputs.Keys);

    private static GoldenFile Read(WorkflowPackage package)
    {
        var findings = new FindingList(package.Manifest.Golden!);
        return GoldenFile.Read(package.Folder, package.Manifest.Golden!, package.Manifest, findings) ?? throw FindingReport.ToException(package.Manifest.Name, findings.All);
    }

    private static async Task<long> RunAsync(
        WorkflowManifest manifest, GoldenFile golden, IPredictor predictor, FeedSchema inputs, int maxRows, string consequence, CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        GoldenFile cases = golden;
        Func<(int Line, IReadOnlyList<string?> Cells)[], RecordBatch> batchOf = rows => Batch(golden, inputs, rows);
        if (manifest.Window is not null)
            (cases, batchOf) = Windows(manifest, golden, inputs, failures);
        foreach ((int Line, IReadOnlyList<string?> Cells)[] rows in cases.Rows.Chunk(maxRows))
        {
            using RecordBatch batch = batchOf(rows);
            using RecordBatch answers = await predictor.PredictAsync(batch, cancellationToken).ConfigureAwait(false);
            if (answers.Count != rows.Length)
                throw new WorkflowException($"The golden cases got {answers.Count} answers for {rows.Length} rows. Let predict return one result a row.");
            Compare(golden, rows, answers, failures);
        }

        return failures.Count == 0 ? cases.Rows.Count : throw new WorkflowException(
            string.Join('\n', failures.Take(MaxTold)) + (failures.Count > MaxTold ? $"\nand {failures.Count - MaxTold} more." : "")
            + $" {consequence} Correct the case if it is wrong, else train on data that covers it.");
    }

    /// <summary>Takes the rows for one series of records; those with which a window ends are the cases.</summary>
    private static (GoldenFile Cases, Func<(int Line, IReadOnlyList<string?> Cells)[], RecordBatch> BatchOf) Windows(
        WorkflowManifest manifest, GoldenFile golden, FeedSchema inputs, List<string> failures)
    {
        Dictionary<int, CutWindow> windows = CsvWindows.Cut(manifest, golden.File, "golden", golden.Rows, [.. inputs.Fields.Select(f => (f.Name, ColumnOf(golden, f)))], golden.Times)
            .ToDictionary(w => golden.Rows[(int)w.Last.Position].Line);
        foreach ((int line, IReadOnlyList<string?> cells) in golden.Rows.Where(r => !windows.ContainsKey(r.Line) && golden.Expected.Values.Any(c => r.Cells[c] is not null)))
            failures.Add($"The golden case {golden.File}:{line} expects an answer, but no window ends with this row.");
        return (golden with { Rows = [.. golden.Rows.Where(r => windows.ContainsKey(r.Line))] }, BatchOf);

        RecordBatch BatchOf((int Line, IReadOnlyList<string?> Cells)[] rows)
        {
            var builder = new RecordBatchBuilder(inputs, rows.Length * manifest.Window!.Rows);
            foreach ((int line, _) in rows)
                windows[line].AppendTo(builder);
            return builder.Build();
        }
    }

    private static int ColumnOf(GoldenFile golden, FeedField input) => golden.Inputs.TryGetValue(input.Name, out int column) ? column : throw new WorkflowException(
        $"{golden.File}:1: golden-column: There is no column for the input '{input.Name}' of the model. Add it; leave its cells empty for null.");

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
                int column = ColumnOf(golden, field);
                if (cells[column] is { } text && !CellText.TrySet(builder, c, field.Type, text))
                    throw new WorkflowException($"{golden.File}:{line}: golden-value: {FindingList.Quote(text)} in column '{field.Name}' is no {field.Type}. Correct the cell, or leave it empty for null.");
            }

            builder.EndRow();
        }

        return builder.Build();
    }

    private static void Compare(GoldenFile golden, (int Line, IReadOnlyList<string?> Cells)[] rows, RecordBatch answers, List<string> failures)
    {
        for (int row = 0; row < rows.Length; row++)
        {
            foreach ((string answer, int column) in golden.Expected)
            {
                object? got = answers.Column(answer).GetValue(row);
                if (rows[row].Cells[column] is { } expected && !Matches(expected, got))
                {
                    string within = got is double or long ? $" (within {RelativeTolerance} of it or {AbsoluteTolerance})" : "";
                    failures.Add(string.Create(CultureInfo.InvariantCulture, $"The golden case {golden.File}:{rows[row].Line} failed: '{answer}' is {Show(got)} where {FindingList.Quote(expected)} is expected{within}."));
                }
            }
        }
    }

    private static bool Matches(string expected, object? got) => got switch
    {
        null => false,
        string text => text == expected,
        bool boolean => CellText.Boolean(expected) == boolean,
        _ => double.TryParse(expected, NumberStyles.Float, CultureInfo.InvariantCulture, out double wanted)
            && Convert.ToDouble(got, CultureInfo.InvariantCulture) is var number
            && (number.Equals(wanted) || Math.Abs(number - wanted) <= Math.Max(AbsoluteTolerance, RelativeTolerance * Math.Abs(wanted))),
    };

    private static string Show(object? value) => value is null ? "null" : FindingList.Quote(Convert.ToString(value, CultureInfo.InvariantCulture)!);
}

using Mlops.Data;
using Mlops.Workflows.Packages;
using Mlops.Workflows.Windows;

namespace Mlops.Workflows.Rehearsal;

/// <summary>Makes the data of a training from a package's sample file.</summary>
internal static class SampleData
{
    private const string Label = "label";

    /// <summary>Makes it: inputs of the types that the manifest declares, else of those that the cells have.</summary>
    /// <exception cref="WorkflowException">A cell is not of its column's type.</exception>
    public static TrainingData Read(WorkflowPackage package)
    {
        WorkflowManifest manifest = package.Manifest;
        var findings = new FindingList(manifest.Sample!);
        SampleFile sample = SampleFile.Read(package.Folder, manifest.Sample!, manifest, findings) ?? throw FindingReport.ToException(manifest.Name, findings.All);
        if (manifest.Window is { } window)
            return Windows(manifest, window, sample);
        FeedField[] fields = [.. sample.Inputs.Select(i => new FeedField(i.Name, Type(manifest.Inputs?.First(m => m.Name == i.Name).Type, Cells(sample, i.Column))))];
        FieldType? labelType = sample.Label is { } column ? CellText.TypeOf(Cells(sample, column)) : null;
        var builder = new RecordBatchBuilder(new FeedSchema(manifest.Name, labelType is { } type ? [.. fields, new FeedField(Label, type)] : fields), sample.Rows.Count);
        foreach ((int line, IReadOnlyList<string?> cells) in sample.Rows)
        {
            builder.BeginRow(line * 1_000_000_000L);
            for (int c = 0; c < fields.Length; c++)
                Set(sample, builder, c, fields[c].Type, fields[c].Name, line, cells[sample.Inputs[c].Column]);
            if (labelType is { } of)
                Set(sample, builder, fields.Length, of, manifest.Label!, line, cells[sample.Label!.Value]);
            builder.EndRow();
        }

        return new TrainingData { Inputs = new FeedSchema(manifest.Name, fields), Batches = [builder.Build()], LabelType = labelType };
    }

    private static TrainingData Windows(WorkflowManifest manifest, WorkflowWindow window, SampleFile sample)
    {
        FeedField[] fields = [.. sample.Inputs.Select(i => new FeedField(i.Name, FieldType.Float64))];
        FieldType? labelType = sample.Label is { } column ? CellText.TypeOf(Cells(sample, column)) : null;
        var builder = new RecordBatchBuilder(new FeedSchema(manifest.Name, labelType is { } type ? [.. fields, new FeedField(Label, type)] : fields), window.Rows);
        var truths = new List<string>();
        int Truth(long row)
        {
            if (sample.Rows[(int)row].Cells[sample.Label!.Value] is not { } cell)
                return WindowTruth.None;
            if (!truths.Contains(cell))
                truths.Add(cell);
            return truths.IndexOf(cell);
        }

        foreach (CutWindow cut in CsvWindows.Cut(manifest, sample.File, "sample", sample.Rows, sample.Inputs, sample.Times))
        {
            int truth = labelType is null ? WindowTruth.None : WindowTruth.Of(window.Label, cut, Truth);
            if (truth == WindowTruth.None && labelType is not null)
                continue;
            cut.AppendTo(builder, labelType is { } of ? b => CellText.TrySet(b, fields.Length, of, truths[truth]) : null);
        }

        return builder.Count > 0 ? new TrainingData { Inputs = new FeedSchema(manifest.Name, fields), Batches = [builder.Build()], LabelType = labelType } : throw new WorkflowException(
            $"{sample.File}: sample-rows: The {sample.Rows.Count} rows make no window with a label. Give more rows, without a pause, or change window in workflow.yaml.");
    }

    private static string[] Cells(SampleFile sample, int column) => [.. sample.Rows.Select(r => r.Cells[column]).OfType<string>()];

    private static FieldType Type(InputType? declared, string[] cells) => declared switch
    {
        InputType.Number => FieldType.Float64,
        InputType.Integer => FieldType.Int64,
        InputType.Boolean => FieldType.Boolean,
        InputType.Text or InputType.Image => FieldType.Text,
        _ => CellText.TypeOf(cells),
    };

    private static void Set(SampleFile sample, RecordBatchBuilder builder, int column, FieldType type, string name, int line, string? cell)
    {
        if (cell is not null && !CellText.TrySet(builder, column, type, cell))
            throw new WorkflowException($"{sample.File}:{line}: sample-value: {FindingList.Quote(cell)} in column '{name}' is no {type}. Correct the cell, or leave it empty for null.");
    }
}

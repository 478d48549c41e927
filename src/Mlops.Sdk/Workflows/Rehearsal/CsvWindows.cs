using Mlops.Data;
using Mlops.Workflows.Windows;

namespace Mlops.Workflows.Rehearsal;

/// <summary>Cuts the rows of a package's CSV file into windows, as the records of a feed are cut.</summary>
internal static class CsvWindows
{
    /// <summary>Cuts.</summary>
    /// <param name="manifest">The workflow's.</param>
    /// <param name="file">The file, for messages.</param>
    /// <param name="kind">The first part of its rules.</param>
    /// <param name="rows">Its rows with their lines.</param>
    /// <param name="inputs">The inputs with their columns.</param>
    /// <param name="times">The column with the times; rows are a second apart where there is none.</param>
    /// <returns>The windows; positions are places of rows.</returns>
    /// <exception cref="WorkflowException">A cell is no number or no time.</exception>
    public static List<CutWindow> Cut(
        WorkflowManifest manifest, string file, string kind, IReadOnlyList<(int Line, IReadOnlyList<string?> Cells)> rows, IReadOnlyList<(string Name, int Column)> inputs, int? times)
    {
        var schema = new FeedSchema(manifest.Name, [.. inputs.Select(i => new FeedField(i.Name, FieldType.Float64)), new FeedField("\0time", FieldType.Timestamp)]);
        var builder = new RecordBatchBuilder(schema, rows.Count);
        for (int row = 0; row < rows.Count; row++)
        {
            (int line, IReadOnlyList<string?> cells) = rows[row];
            builder.BeginRow(0);
            for (int i = 0; i < inputs.Count; i++)
                Set(builder, i, inputs[i].Name, cells[inputs[i].Column], file, kind, line);
            if (times is { } column)
                Set(builder, inputs.Count, SampleTime, cells[column] ?? "", file, kind, line);
            else
                builder.SetInstant(inputs.Count, row * 1_000_000_000L);
            builder.EndRow();
        }

        using RecordBatch batch = builder.Build();
        builder.Close();
        return Cut(manifest, batch, inputs.Count);
    }

    private const string SampleTime = Packages.SampleFile.Timestamp;

    private static List<CutWindow> Cut(WorkflowManifest manifest, RecordBatch batch, int width)
    {
        WindowCutter cutter = WindowCutter.Of(manifest.Window!, width, manifest.Fill);
        var ended = new List<CutWindow>();
        var values = new double[width];
        ReadOnlySpan<long> times = batch.Column(width).Values<long>();
        for (int row = 0; row < batch.Count; row++)
        {
            for (int i = 0; i < width; i++)
                values[i] = batch.Column(i).IsValid(row) ? batch.Column(i).Values<double>()[row] : double.NaN;
            cutter.Add(new WindowRow(row, times[row], 0, 0, RecordBatch.NoSequence, RecordBatch.NoSequence, 3), values, ended);
        }

        double[] defaults = manifest.Fill == MissingValues.Default ? [.. batch.Schema.Fields.Take(width).Select(f => Default(manifest, f.Name))] : [];
        ended.RemoveAll(w => !w.Fill(manifest.Fill, defaults));
        return ended;
    }

    private static double Default(WorkflowManifest manifest, string input) =>
        Convert.ToDouble(manifest.Inputs!.First(i => i.Name == input).Default, System.Globalization.CultureInfo.InvariantCulture);

    private static void Set(RecordBatchBuilder builder, int column, string name, string? cell, string file, string kind, int line)
    {
        if (cell is null)
            return;
        FieldType type = builder.Schema.Fields[column].Type;
        if (type == FieldType.Float64 && CellText.Boolean(cell) is { } truth)
            builder.SetFloat64(column, truth ? 1 : 0);
        else if (!CellText.TrySet(builder, column, type, cell))
            throw new WorkflowException($"{file}:{line}: {kind}-value: {FindingList.Quote(cell)} in column '{name}' is no {type}. {(type == FieldType.Timestamp ? "Write 2026-01-31T12:00:00Z, in UTC." : "Correct the cell, or leave it empty for null.")}");
    }
}

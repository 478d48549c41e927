using System.Text;
using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Sdk.Tests.Runtime;

/// <summary>Makes batches from rows of plain values.</summary>
internal static class Records
{
    public static FeedSchema Schema(params (string Name, FieldType Type)[] fields) =>
        new("test.line.press", fields.Select(field => new FeedField(field.Name, field.Type)));

    public static RecordBatch Batch(FeedSchema schema, params object?[][] rows)
    {
        var builder = new RecordBatchBuilder(schema);
        for (int row = 0; row < rows.Length; row++)
        {
            builder.BeginRow(1_700_000_000_000_000_000 + row);
            for (int column = 0; column < rows[row].Length; column++)
                Set(builder, column, rows[row][column]);
            builder.EndRow();
        }

        return builder.Build();
    }

    /// <summary>Two classes, left and right of x = 0, with a little of the second column in it.</summary>
    public static TrainingData Sides(int rows = 200)
    {
        FeedSchema inputs = Schema(("x", FieldType.Float64), ("y", FieldType.Float64));
        FeedSchema labelled = Schema(("x", FieldType.Float64), ("y", FieldType.Float64), ("side", FieldType.Text));
        var random = new Random(7);
        object?[][] values = [.. Enumerable.Range(0, rows).Select(_ =>
        {
            double x = (random.NextDouble() * 2) - 1;
            double y = random.NextDouble();
            return new object?[] { x, y, x + (0.2 * y) < 0 ? "left" : "right" };
        })];
        return new TrainingData { Inputs = inputs, Batches = [Batch(labelled, values[..(rows / 2)]), Batch(labelled, values[(rows / 2)..])], LabelType = FieldType.Text };
    }

    public static TrainingJob Job(WorkflowPackage package, TrainingData? data = null, IReadOnlyDictionary<string, object?>? parameters = null) =>
        new("t1", package, data ?? Sides(), parameters ?? package.Manifest.Parameters, Package.NewModelFolder());

    public static object?[][] Rows(this RecordBatch batch) =>
        [.. Enumerable.Range(0, batch.Count).Select(row => batch.Schema.Fields.Select((_, column) => batch.Column(column).GetValue(row)).ToArray())];

    private static void Set(RecordBatchBuilder builder, int column, object? value)
    {
        switch (value)
        {
            case double number:
                builder.SetFloat64(column, number);
                break;
            case int number:
                builder.SetInt64(column, number);
                break;
            case long number:
                builder.SetInt64(column, number);
                break;
            case ulong number:
                builder.SetUInt64(column, number);
                break;
            case bool truth:
                builder.SetBoolean(column, truth);
                break;
            case DateTimeOffset instant:
                builder.SetInstant(column, EpochTime.FromDateTimeOffset(instant));
                break;
            case string text:
                builder.SetText(column, Encoding.UTF8.GetBytes(text));
                break;
            default:
                builder.SetNull(column);
                break;
        }
    }
}

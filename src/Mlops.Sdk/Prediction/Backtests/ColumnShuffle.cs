using Mlops.Data;

namespace Mlops.Prediction.Backtests;

/// <summary>Copies a batch with the values of one column in another order; windows stay whole.</summary>
internal static class ColumnShuffle
{
    public static RecordBatch Of(RecordBatch batch, int column, int rowsEach, int seed)
    {
        int[] order = [.. Enumerable.Range(0, batch.Count / rowsEach)];
        new Random(seed).Shuffle(order);
        var builder = new RecordBatchBuilder(batch.Schema, batch.Count);
        for (int row = 0; row < batch.Count; row++)
        {
            builder.BeginRow(batch.Timestamps[row]);
            builder.SetPosition(batch.Positions[row]);
            for (int i = 0; i < batch.Schema.Fields.Count; i++)
                Copy(builder, i, batch.Column(i), i == column ? (order[row / rowsEach] * rowsEach) + (row % rowsEach) : row);
            builder.EndRow();
        }

        return builder.Build();
    }

    private static void Copy(RecordBatchBuilder builder, int target, Column column, int row)
    {
        if (!column.IsValid(row))
            return;
        switch (column.Type)
        {
            case FieldType.Float64: builder.SetFloat64(target, column.Values<double>()[row]); break;
            case FieldType.Int64: builder.SetInt64(target, column.Values<long>()[row]); break;
            case FieldType.UInt64: builder.SetUInt64(target, column.Values<ulong>()[row]); break;
            case FieldType.Boolean: builder.SetBoolean(target, column.Values<byte>()[row] != 0); break;
            case FieldType.Text: builder.SetText(target, column.Utf8(row)); break;
            default: builder.SetInstant(target, column.Values<long>()[row]); break;
        }
    }
}

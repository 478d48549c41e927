using Mlops.Data;

namespace Mlops.Workflows.Windows;

/// <summary>A window that has ended.</summary>
/// <param name="Last">The record that is answered: the last one, with the worst quality of all.</param>
/// <param name="EndPosition">Position of the record with which it ended: what came before that one counts.</param>
/// <param name="Times">The time of each row.</param>
/// <param name="Values">The values, row by row; NaN where there is none.</param>
/// <param name="Records">Positions of its records, oldest first.</param>
internal sealed record CutWindow(WindowRow Last, long EndPosition, long[] Times, double[] Values, long[] Records)
{
    /// <summary>Appends its rows.</summary>
    /// <param name="builder">Takes them; its first columns are the inputs.</param>
    /// <param name="further">Sets columns behind them in each row; they stay null without it.</param>
    public void AppendTo(RecordBatchBuilder builder, Action<RecordBatchBuilder>? further = null)
    {
        int width = Values.Length / Times.Length;
        for (int row = 0; row < Times.Length; row++)
        {
            if (row == Times.Length - 1)
                builder.BeginRow(Last.Time, Last.Received, Last.Arrival, Last.Sequence, Last.RecordSequence);
            else
                builder.BeginRow(Times[row]);
            builder.SetPosition(Last.Position);
            builder.AddQuality(Last.Quality);
            for (int column = 0; column < width; column++)
            {
                double value = Values[(row * width) + column];
                if (!double.IsNaN(value))
                    builder.SetFloat64(column, value);
            }

            further?.Invoke(builder);
            builder.EndRow();
        }
    }

    /// <summary>Puts a value where one is missing.</summary>
    /// <returns>Whether none is missing now.</returns>
    public bool Fill(MissingValues fill, ReadOnlySpan<double> defaults)
    {
        int width = Values.Length / Times.Length;
        for (int i = 0; i < Values.Length && fill is MissingValues.Default or MissingValues.Skip; i++)
        {
            if (!double.IsNaN(Values[i]))
                continue;
            if (fill == MissingValues.Skip)
                return false;
            Values[i] = defaults[i % width];
        }

        return true;
    }
}

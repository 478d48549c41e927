using Mlops.Data;

namespace Mlops.Prediction.Candidates;

/// <summary>Copies some rows of a batch into another one.</summary>
internal sealed class RowSelection(FeedSchema schema)
{
    private readonly RecordBatchBuilder _builder = new(schema);

    public FeedSchema Schema => schema;

    /// <summary>Takes the rows that are wanted; all of them without a copy.</summary>
    /// <returns>The rows; the caller disposes it.</returns>
    public RecordBatch Take(RecordBatch batch, Predicate<int> wanted)
    {
        for (int row = 0; row < batch.Count;)
        {
            if (!wanted(row))
            {
                row++;
                continue;
            }

            int first = row;
            while (row < batch.Count && wanted(row))
                row++;
            if (row - first == batch.Count)
                return batch.Retain();
            _builder.Append(batch, first, row - first);
        }

        return _builder.Build();
    }
}

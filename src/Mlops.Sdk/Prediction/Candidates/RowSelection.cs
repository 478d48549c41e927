using Mlops.Data;

namespace Mlops.Prediction.Candidates;

/// <summary>Copies what some answers need of a batch into another one.</summary>
internal sealed class RowSelection(FeedSchema schema, int rowsEach)
{
    private readonly RecordBatchBuilder _builder = new(schema);

    public FeedSchema Schema => schema;

    /// <summary>Takes what is wanted, by the place of the answer; everything without a copy.</summary>
    /// <returns>The rows; the caller disposes it.</returns>
    public RecordBatch Take(RecordBatch batch, Predicate<int> wanted)
    {
        int count = batch.Count / rowsEach;
        for (int answer = 0; answer < count;)
        {
            if (!wanted(answer))
            {
                answer++;
                continue;
            }

            int first = answer;
            while (answer < count && wanted(answer))
                answer++;
            if (answer - first == count)
                return batch.Retain();
            _builder.Append(batch, first * rowsEach, (answer - first) * rowsEach);
        }

        return _builder.Build();
    }
}

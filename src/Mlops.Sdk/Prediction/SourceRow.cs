using Mlops.Data;

namespace Mlops.Prediction;

/// <summary>One record of a batch.</summary>
internal readonly record struct SourceRow(RecordBatch Batch, int Row)
{
    public long Position => Batch.Positions[Row];
}

using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Store;

/// <summary>Selected records and what identifies them. Disposing it disposes the batches.</summary>
internal sealed record SelectedData(TrainingData Data, DataSnapshot Snapshot) : IDisposable
{
    public void Dispose()
    {
        foreach (Data.RecordBatch batch in Data.Batches)
            batch.Dispose();
    }
}

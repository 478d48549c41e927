using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Store;

/// <summary>Selected records and what identifies them. Disposing it disposes the batches.</summary>
internal sealed record SelectedData(TrainingData Data, DataSnapshot Snapshot) : IDisposable
{
    /// <summary>Gets the records that the split rule holds out; <see langword="null"/> without a rule.</summary>
    public TrainingData? HeldOut { get; init; }

    public void Dispose()
    {
        foreach (Data.RecordBatch batch in Data.Batches.Concat(HeldOut?.Batches ?? []))
            batch.Dispose();
    }
}

using Mlops.Data;
using Mlops.Messaging;

namespace Mlops.Ingest;

/// <summary>What is committed, and then acknowledged, together. Filled by the pump, emptied by the committer, and used again.</summary>
internal sealed class CommitGroup
{
    public List<RecordBatch> Batches { get; } = [];

    /// <summary>Gets what to acknowledge, in the order in which the messages came.</summary>
    public List<BusAcknowledgement> Acknowledgements { get; } = [];

    /// <summary>Gets the calls in this process that wait until they are durable.</summary>
    public List<TaskCompletionSource> Writers { get; } = [];

    public List<DeadLetter> Letters { get; } = [];

    public int Records { get; set; }

    public long Bytes { get; set; }

    /// <summary>Gets or sets the monotonic tick of the first input.</summary>
    public long Opened { get; set; }

    public bool IsEmpty => Batches.Count == 0 && Acknowledgements.Count == 0 && Writers.Count == 0 && Letters.Count == 0;

    public void Clear()
    {
        foreach (RecordBatch batch in Batches)
            batch.Dispose();
        Batches.Clear();
        Acknowledgements.Clear();
        Writers.Clear();
        Letters.Clear();
        Records = 0;
        Bytes = 0;
    }
}

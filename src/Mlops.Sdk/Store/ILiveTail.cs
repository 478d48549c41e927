using Mlops.Data;

namespace Mlops.Store;

/// <summary>
/// The live tail: passes batches to their readers the moment they have positions, before they are committed. It keeps what is
/// not committed yet, so that a reader who starts between arrival and commit misses nothing.
/// </summary>
internal interface ILiveTail
{
    /// <summary>Hands a batch to all readers of its feed. Called in the order of positions. The tail takes references of its own.</summary>
    void Publish(RecordBatch batch);

    /// <summary>Says that the feed's batches up to a position are durable. The node's own store calls it with each commit, in their order; calling it again changes nothing.</summary>
    void Committed(string feed, long lastPosition);
}

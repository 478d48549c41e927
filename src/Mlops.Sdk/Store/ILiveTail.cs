using Mlops.Data;

namespace Mlops.Store;

/// <summary>
/// The live tail: passes batches to their readers the moment they have positions, before they are committed. It keeps what is
/// not committed yet, so that a reader who starts between arrival and commit misses nothing. What is committed it hears from the store.
/// </summary>
internal interface ILiveTail
{
    /// <summary>Says that records of a feed up to a position are about to be published: with those of other feeds that have positions between theirs.</summary>
    void Announce(string feed, long position);

    /// <summary>Hands a batch to all readers of its feed. Called in the order of positions. The tail takes references of its own.</summary>
    void Publish(RecordBatch batch);

    /// <summary>Returns the highest position of a feed that was announced, published or committed since the start; 0 when there was none.</summary>
    long Head(string feed);
}

using Mlops.Data;

namespace Mlops.Store;

/// <summary>What becomes durable together: all of it, or nothing.</summary>
public sealed class StoreCommit
{
    /// <summary>Gets the batches to append, each with positions that the store reserved. They stay the caller's to dispose.</summary>
    public IList<RecordBatch> Batches { get; } = [];

    /// <summary>Gets the cursors to move: name and position.</summary>
    public IDictionary<string, long> Cursors { get; } = new Dictionary<string, long>(StringComparer.Ordinal);
}

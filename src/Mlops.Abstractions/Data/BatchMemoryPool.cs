using System.Collections.Concurrent;

namespace Mlops.Data;

/// <summary>Keeps a few released batch memories of one schema so that steady traffic allocates nothing.</summary>
/// <param name="schema">The schema.</param>
/// <param name="capacity">Rows for which memory is usually taken; a few memories of that size are kept however large they are.</param>
internal sealed class BatchMemoryPool(FeedSchema schema, int capacity)
{
    // Between two commits a busy feed has hundreds of small batches on their way; the bytes are the bound that counts.
    private const int MaxKept = 1024;
    private const long MaxKeptBytes = 2 * 1024 * 1024;
    private const int UsualKept = 4;
    private readonly ConcurrentQueue<BatchMemory> _kept = new();
    private long _keptBytes;
    private volatile bool _closed;

    public BatchMemory Rent(int rows)
    {
        if (_kept.TryDequeue(out BatchMemory? memory))
            Interlocked.Add(ref _keptBytes, -memory.Bytes);
        else
            memory = new BatchMemory(schema, this);
        if (memory.Capacity < rows)
            memory.Grow(0, rows);
        return memory;
    }

    public void Return(BatchMemory memory)
    {
        // One large batch must not leave its memory behind for good.
        long bytes = memory.Bytes;
        long kept = Interlocked.Add(ref _keptBytes, bytes);
        if (!_closed && (kept <= MaxKeptBytes || (memory.Capacity <= capacity && kept <= UsualKept * bytes)) && _kept.Count < MaxKept)
        {
            _kept.Enqueue(memory);
            if (_closed)
                Free();
        }
        else
        {
            Interlocked.Add(ref _keptBytes, -bytes);
            memory.Dispose();
        }
    }

    /// <summary>Frees what is kept; from now on nothing is.</summary>
    public void Close()
    {
        _closed = true;
        Free();
    }

    private void Free()
    {
        while (_kept.TryDequeue(out BatchMemory? memory))
        {
            Interlocked.Add(ref _keptBytes, -memory.Bytes);
            memory.Dispose();
        }
    }
}

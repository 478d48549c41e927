using System.Collections.Concurrent;

namespace Mlops.Data;

/// <summary>Keeps a few released batch memories of one schema so that steady traffic allocates nothing.</summary>
internal sealed class BatchMemoryPool(FeedSchema schema)
{
    // Between two commits a busy feed has hundreds of small batches on their way; the bytes are the bound that counts.
    private const int MaxKept = 1024;
    private const long MaxKeptBytes = 2 * 1024 * 1024;
    private readonly ConcurrentQueue<BatchMemory> _kept = new();
    private long _keptBytes;

    public BatchMemory Rent(int capacity)
    {
        if (_kept.TryDequeue(out BatchMemory? memory))
            Interlocked.Add(ref _keptBytes, -memory.Bytes);
        else
            memory = new BatchMemory(schema, this);
        if (memory.Capacity < capacity)
            memory.Grow(0, capacity);
        return memory;
    }

    public void Return(BatchMemory memory)
    {
        // One large batch must not leave its memory behind for good.
        long bytes = memory.Bytes;
        if (Interlocked.Add(ref _keptBytes, bytes) <= MaxKeptBytes && _kept.Count < MaxKept)
        {
            _kept.Enqueue(memory);
        }
        else
        {
            Interlocked.Add(ref _keptBytes, -bytes);
            memory.Dispose();
        }
    }
}

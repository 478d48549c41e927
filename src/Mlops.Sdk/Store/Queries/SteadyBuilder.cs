using Mlops.Data;

namespace Mlops.Store.Queries;

/// <summary>
/// Builds one batch after the other. Where they are large, the memory of the next one is made ready on another thread while a batch is
/// filled: the system clears every page of it first, which takes as long as filling it.
/// </summary>
/// <remarks>For one thread at a time.</remarks>
internal sealed class SteadyBuilder(FeedSchema schema) : IDisposable
{
    private const int LargeRows = 4096;
    private RecordBatchBuilder _next = new(schema, 1);
    private Task _readying = Task.CompletedTask;

    /// <summary>Gets the builder of the batch that is being filled.</summary>
    public RecordBatchBuilder Current { get; private set; } = new(schema, 1);

    /// <summary>Takes memory for the first rows of a batch.</summary>
    /// <param name="rows">How many it will be.</param>
    /// <param name="more">Whether another batch like it will follow.</param>
    public void Begin(int rows, bool more)
    {
        Current.EnsureCapacity(rows);
        if (more && rows >= LargeRows && _readying.IsCompleted)
        {
            RecordBatchBuilder next = _next;
            _readying = Task.Run(() => next.EnsureCapacity(rows));
        }
    }

    /// <summary>Hands the batch out.</summary>
    public RecordBatch Build()
    {
        bool large = Current.Count >= LargeRows;
        RecordBatch batch = Current.Build();
        if (large)
        {
            _readying.GetAwaiter().GetResult();
            (Current, _next) = (_next, Current);
        }

        return batch;
    }

    public void Dispose()
    {
        // Whether there was memory does not matter any more.
        Task.WaitAny(_readying);
        Current.Close();
        _next.Close();
    }
}

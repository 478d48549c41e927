using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Mlops.Data;

namespace Mlops.Store.Tail;

/// <summary>
/// One reader's queue at the live tail. It never makes the publisher wait: when the reader leaves too much in it, it ends, and the
/// reader goes on from the store.
/// </summary>
internal sealed class TailFollower(TailFeed feed) : IDisposable
{
    /// <summary>How many batches may wait.</summary>
    public const int MaxBatches = 2048;

    /// <summary>How much memory batches that wait may hold.</summary>
    public const long MaxBytes = 8 * 1024 * 1024;

    private readonly Channel<RecordBatch> _queue = Channel.CreateUnbounded<RecordBatch>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private long _bytes;
    private int _batches;
    private bool _ended;

    /// <summary>Waits for a batch.</summary>
    /// <returns><see langword="false"/> when the queue has ended and everything in it was taken: go on from the store.</returns>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _queue.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>Takes a batch; the caller disposes it.</summary>
    public bool TryTake([NotNullWhen(true)] out RecordBatch? batch)
    {
        if (!_queue.Reader.TryRead(out batch))
            return false;
        Interlocked.Add(ref _bytes, -batch.Bytes);
        Interlocked.Decrement(ref _batches);
        return true;
    }

    /// <summary>Adds a batch if there is room, else ends the queue. Called under the feed's lock.</summary>
    public void Offer(RecordBatch batch)
    {
        if (_ended)
            return;
        if (Volatile.Read(ref _batches) >= MaxBatches || (Volatile.Read(ref _batches) > 0 && Interlocked.Read(ref _bytes) + batch.Bytes > MaxBytes))
        {
            StoreInstruments.FallenBehind.Add(1, new KeyValuePair<string, object?>("feed", feed.Id));
            SendToStore();
            return;
        }

        Take(batch);
    }

    /// <summary>Adds a batch that the feed keeps in memory anyway. Called under the feed's lock.</summary>
    public void Take(RecordBatch batch)
    {
        Interlocked.Add(ref _bytes, batch.Bytes);
        Interlocked.Increment(ref _batches);
        _queue.Writer.TryWrite(batch.Retain());
    }

    /// <summary>Ends the queue. Called under the feed's lock.</summary>
    public void SendToStore()
    {
        _ended = true;
        _queue.Writer.TryComplete();
    }

    public void Dispose()
    {
        feed.Detach(this);
        while (_queue.Reader.TryRead(out RecordBatch? batch))
            batch.Dispose();
    }
}

using System.Threading.Channels;
using Mlops.Data;

namespace Mlops.Store.Selection;

/// <summary>Computes a <see cref="SelectionHash"/> on another thread while more is read.</summary>
internal sealed class BackgroundHash : IDisposable
{
    // Whoever selects keeps the batches anyway; waiting ones cost nothing.
    private readonly Channel<RecordBatch> _batches = Channel.CreateUnbounded<RecordBatch>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly Task<string> _hash;
    private volatile bool _abandoned;

    public BackgroundHash(FeedSchema schema) => _hash = Task.Run(() => HashAsync(schema));

    public void Add(RecordBatch batch) => _batches.Writer.TryWrite(batch.Retain());

    /// <summary>Ends the hash.</summary>
    public Task<string> FinishAsync()
    {
        _batches.Writer.TryComplete();
        return _hash;
    }

    public void Dispose()
    {
        _abandoned = true;
        _batches.Writer.TryComplete();
    }

    private async Task<string> HashAsync(FeedSchema schema)
    {
        using var hash = new SelectionHash(schema);
        await foreach (RecordBatch batch in _batches.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            using (batch)
            {
                if (!_abandoned)
                    hash.Add(batch);
            }
        }

        return hash.Finish();
    }
}

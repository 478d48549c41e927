using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Mlops.Data;

namespace Mlops.Store.Queries;

/// <summary>Reads the next batches on another thread while the one before is worked on.</summary>
internal static class ReadAhead
{
    private const int Batches = 2;

    public static async IAsyncEnumerable<RecordBatch> Of(IAsyncEnumerable<RecordBatch> source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Channel<RecordBatch> ready = Channel.CreateBounded<RecordBatch>(new BoundedChannelOptions(Batches) { SingleReader = true, SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task reading = Task.Run(() => ReadAsync(source, ready.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (RecordBatch batch in ready.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
                yield return batch;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(false);
            while (ready.Reader.TryRead(out RecordBatch? left))
                left.Dispose();
        }
    }

    private static async Task ReadAsync(IAsyncEnumerable<RecordBatch> source, ChannelWriter<RecordBatch> ready, CancellationToken cancellationToken)
    {
        Exception? error = null;
        try
        {
            await foreach (RecordBatch batch in source.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                if (!ready.TryWrite(batch) && !await PutAsync(batch, ready, cancellationToken).ConfigureAwait(false))
                    break;
            }
        }
        catch (Exception e)
        {
            error = e;
        }

        ready.Complete(error);
    }

    private static async Task<bool> PutAsync(RecordBatch batch, ChannelWriter<RecordBatch> ready, CancellationToken cancellationToken)
    {
        try
        {
            await ready.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            batch.Dispose();
            return false;
        }
    }
}

using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Mlops.Data;
using Mlops.Store;

namespace Mlops.Web.Live;

/// <summary>
/// Follows one feed for all who listen to it: each record is read and written as JSON once, however many they are. What comes within a
/// tenth of a second goes together, so that a fast feed costs no more than ten events a second and client.
/// </summary>
internal sealed class LiveFeed(string feed, string? deployment, IFeedReader reader, ILogger logger) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(100);
    private readonly CancellationTokenSource _stop = new();
    private RecordFrame _frame = new(feed, deployment);
    private long _sent;
    private volatile EventClient[] _clients = [];

    /// <summary>Gets a value indicating whether nobody listens any more.</summary>
    public bool IsIdle => _clients.Length == 0;

    public void Start() => _ = FollowAsync(_stop.Token);

    public void Add(EventClient client) => _clients = [.. _clients, client];

    public void Remove(EventClient client) => _clients = [.. _clients.Where(c => c != client)];

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await SendAllAsync(stop).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (Exception e)
            {
                Log.LiveEnded(logger, feed, e.Message);
                await Task.Delay(Pause, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task SendAllAsync(CancellationToken stop)
    {
        _frame = new RecordFrame(feed, deployment);
        IAsyncEnumerator<RecordBatch> records = reader.FollowAsync(feed, null, stop).GetAsyncEnumerator(stop);
        Task<bool> next = records.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                if (!_frame.IsEmpty && !next.IsCompleted)
                {
                    if (Together - Stopwatch.GetElapsedTime(_sent) is { Ticks: > 0 } left)
                        await Task.WhenAny(next, Task.Delay(left, stop)).ConfigureAwait(false);
                    if (!next.IsCompleted)
                    {
                        Send();
                        continue;
                    }
                }

                if (!await next.ConfigureAwait(false))
                    return;
                using (RecordBatch batch = records.Current)
                    Add(batch);
                next = records.MoveNextAsync().AsTask();
                if (Stopwatch.GetElapsedTime(_sent) >= Together)
                    Send();
            }
        }
        finally
        {
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await records.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Add(RecordBatch batch)
    {
        for (int row = 0; row < batch.Count; row++)
        {
            if (_frame.IsFull)
                Send();
            _frame.Add(batch, row);
        }
    }

    private void Send()
    {
        if (_frame.IsEmpty)
            return;
        ReadOnlyMemory<byte> frame = _frame.Take();
        foreach (EventClient client in _clients)
            client.Send(frame);
        _sent = Stopwatch.GetTimestamp();
    }
}

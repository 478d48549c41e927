using Microsoft.Extensions.Logging;
using Mlops.Data;
using Mlops.Databus.Publishing;
using Mlops.Store;

namespace Mlops.Drivers.Mirroring;

/// <summary>The mirrors of one asset's feeds: one begins when its feed is declared, all end with the asset's driver. Thread-safe.</summary>
internal sealed class FeedMirrors(string asset, bool fromNow, DatabusApp app, IFeedStore store, IFeedReader reader, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (FeedMirror Mirror, Task Task)> _mirrors = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Takes over a feed, or its new fields.</summary>
    public void Declared(FeedSchema schema, string group)
    {
        lock (_lock)
        {
            if (_stop.IsCancellationRequested)
                return;
            if (_mirrors.TryGetValue(schema.Feed, out (FeedMirror Mirror, Task Task) running))
            {
                running.Mirror.Adopt(schema);
                return;
            }

            // Begins here and not on the pool: what is written after the declaration must not be missed.
            var mirror = new FeedMirror(asset, group, schema, fromNow, app, store, reader, time, logger);
            _mirrors.Add(schema.Feed, (mirror, Task.Run(() => mirror.RunAsync(_stop.Token))));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] all;
        lock (_lock)
        {
            _stop.Cancel();
            all = [.. _mirrors.Values.Select(m => m.Task)];
        }

        await Task.WhenAll(all).ConfigureAwait(false);
    }
}

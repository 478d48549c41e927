using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Store.Backup;
using Mlops.Store.Segments;

namespace Mlops.Store;

/// <summary>
/// Opens the store when the host starts, turns the log into Parquet files and does the chores while it runs, and closes everything into them when it
/// stops. It is registered before the rooms that write, so it starts before and stops after them.
/// </summary>
internal sealed class StoreHostedService(NodeDatabase database, FeedStore store, SegmentCloser closer, StoreChores chores, IOptions<StoreOptions> options, TimeProvider time, ILogger<StoreHostedService> logger)
    : BackgroundService
{
    private readonly SemaphoreSlim _wake = new(0, 1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        DeleteSpilled();
        await closer.SweepAsync().ConfigureAwait(false);
        IReadOnlyList<FeedInfo> feeds = store.List();
        Log.StoreOpened(logger, database.Folder, feeds.Count, feeds.Sum(f => f.Records));
        store.LogGrown += Wake;
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        store.LogGrown -= Wake;
        await base.StopAsync(cancellationToken).ConfigureAwait(false);

        // Not cancellable: half of it would break the promise that a stopped node's records are all in Parquet files.
        bool all = await closer.CloseAllAsync().ConfigureAwait(false);
        await closer.SweepAsync().ConfigureAwait(false);
        if (all)
            Log.StoreClosed(logger, database.Folder);
    }

    public override void Dispose()
    {
        base.Dispose();
        _wake.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using ITimer timer = time.CreateTimer(_ => Wake(), null, options.Value.SegmentCheckInterval, options.Value.SegmentCheckInterval);
            while (true)
            {
                await _wake.WaitAsync(stoppingToken).ConfigureAwait(false);

                // A disk that refuses is not asked again with every commit.
                if (!await closer.CloseDueAsync(stoppingToken).ConfigureAwait(false))
                    await Task.Delay(options.Value.SegmentCheckInterval, time, stoppingToken).ConfigureAwait(false);
                else
                    await chores.DoAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
        catch (Exception e)
        {
            Log.SegmentLoopEnded(logger, e);
        }
    }

    private void Wake()
    {
        try
        {
            if (_wake.CurrentCount == 0)
                _wake.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // It is awake already, or stopped.
        }
    }

    // What queries and backups of a killed process had put on the disk.
    private void DeleteSpilled()
    {
        string folder = Path.Combine(database.Folder, "tmp");
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        foreach (string copy in Directory.EnumerateFiles(database.Folder, $"{StoreBackup.CopyPrefix}*"))
            File.Delete(copy);
    }
}

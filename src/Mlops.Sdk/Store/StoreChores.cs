using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.DuckDb;
using Mlops.Store.Blobs;
using Mlops.Store.Compaction;
using Mlops.Store.Retention;
using Mlops.Store.Segments;

namespace Mlops.Store;

/// <summary>What the store does beside its work, one after the other and only while no feed's log is due: upkeep never delays a record.</summary>
internal sealed class StoreChores(
    SegmentCloser closer, SegmentCompactor compactor, FeedStore store, RecordRetention retention, BlobSweeper blobs, IOptions<StoreOptions> options, TimeProvider time, ILogger<StoreChores> logger)
{
    private readonly StoreOptions _options = options.Value;
    private DateTimeOffset _retained = DateTimeOffset.MinValue;
    private DateTimeOffset _swept = time.GetUtcNow();

    /// <summary>Does what is due. Never throws except when cancelled.</summary>
    public async Task DoAsync(CancellationToken stop)
    {
        await compactor.CompactAsync(() => !stop.IsCancellationRequested && !closer.AnyIsDue()).ConfigureAwait(false);
        DateTimeOffset now = time.GetUtcNow();
        if (IsDue(ref _retained, _options.Retention.Interval, now))
            await TryAsync(() => retention.ApplyAsync(pastReaders: false, stop), Log.RetentionFailed).ConfigureAwait(false);
        if (IsDue(ref _swept, _options.Blobs.SweepInterval, now))
            await TryAsync(() => blobs.SweepAsync(stop), Log.BlobSweepFailed).ConfigureAwait(false);
        await TryAsync(store.Obsolete.DeleteUnreadAsync, (_, _) => { }).ConfigureAwait(false);
    }

    // A clock that was set back does not stop the chores.
    private static bool IsDue(ref DateTimeOffset last, TimeSpan interval, DateTimeOffset now)
    {
        if (now - last < interval && now >= last)
            return false;
        last = now;
        return true;
    }

    private async Task TryAsync(Func<Task> chore, Action<ILogger, Exception> say)
    {
        try
        {
            await chore().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SqliteException or DuckDbException or UnauthorizedAccessException)
        {
            say(logger, e);
        }
    }
}

using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.DuckDb;
using Mlops.Store.Catalog;
using Mlops.Store.Queries;

namespace Mlops.Store.Segments;

/// <summary>Decides which feeds' logs become Parquet files, and keeps the folder of the files in step with the catalog.</summary>
internal sealed class SegmentCloser(NodeDatabase database, QueryEngine engine, FeedStore store, IOptions<StoreOptions> options, TimeProvider time, ILogger<SegmentCloser> logger)
{
    private const int ParallelFeedsAtStop = 4;
    private readonly SegmentWriter _writer = new(database, engine, store.SetAside);
    private readonly StoreOptions _options = options.Value;

    /// <summary>Closes what is large or old enough. A feed that fails stays in the log and is tried again next time.</summary>
    /// <returns><see langword="false"/> when a feed failed.</returns>
    public Task<bool> CloseDueAsync(CancellationToken cancellationToken) => AloneAsync(async () =>
    {
        bool all = true;
        foreach (FeedEntry feed in store.Catalog.Entries)
            all &= await CloseWhileAsync(feed, () => IsDue(feed) && !cancellationToken.IsCancellationRequested).ConfigureAwait(false);
        return all;
    });

    /// <summary>Closes the whole log of every feed.</summary>
    /// <returns><see langword="false"/> when a feed's log had to stay as it is.</returns>
    public Task<bool> CloseAllAsync() => AloneAsync(async () =>
    {
        int failed = 0;
        await Parallel.ForEachAsync(
            store.Catalog.Entries.Where(f => f.Log.Count > 0),
            new ParallelOptions { MaxDegreeOfParallelism = ParallelFeedsAtStop },
            async (feed, _) =>
            {
                if (!await CloseWhileAsync(feed, () => feed.Log.Count > 0).ConfigureAwait(false))
                    Interlocked.Increment(ref failed);
            }).ConfigureAwait(false);
        return failed == 0;
    });

    /// <summary>
    /// Removes what an interrupted write left behind and what is obsolete, sets aside registered files that are missing or cut off,
    /// and takes those back that were set aside and are whole again. Only while nobody reads: when the store starts or stops.
    /// </summary>
    public Task SweepAsync() => AloneAsync(async () =>
    {
        Dictionary<string, (long Feed, Segment Segment)> registered = database.Read(SegmentRows.All);
        foreach ((long number, Segment segment) in registered.Values)
        {
            var file = new FileInfo(Path.Combine(engine.FeedsFolder, segment.Path));
            if ((!file.Exists || file.Length != segment.Range.Bytes) && store.Catalog.Entries.FirstOrDefault(f => f.Number == number) is { } feed)
                await store.SetAside.SegmentIfBrokenAsync(feed, segment).ConfigureAwait(false);
        }

        await store.Obsolete.DeleteAllAsync().ConfigureAwait(false);
        if (!Directory.Exists(engine.FeedsFolder))
            return true;
        foreach (string path in Directory.EnumerateFiles(engine.FeedsFolder, "*", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(engine.FeedsFolder, path).Replace(Path.DirectorySeparatorChar, '/');
            if (path.EndsWith(SegmentPath.Unfinished, StringComparison.Ordinal) || (path.EndsWith(SegmentPath.Extension, StringComparison.Ordinal) && !registered.ContainsKey(relative)))
                await RemoveAsync(path, relative).ConfigureAwait(false);
        }

        return true;
    });

    private async Task<bool> AloneAsync(Func<Task<bool>> work)
    {
        await store.WritingFiles.WaitAsync().ConfigureAwait(false);
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            store.WritingFiles.Release();
        }
    }

    private async Task<bool> CloseWhileAsync(FeedEntry feed, Func<bool> condition)
    {
        while (condition())
        {
            if (!await TryCloseAsync(feed).ConfigureAwait(false))
                return false;
        }

        return true;
    }

    private async Task RemoveAsync(string path, string relative)
    {
        try
        {
            if (await store.SetAside.TryTakeBackAsync(relative).ConfigureAwait(false))
                return;

            // A file whose records are nowhere else is no leftover of ours: perhaps mlops.db was restored without it. It is kept.
            if (path.EndsWith(SegmentPath.Unfinished, StringComparison.Ordinal) || IsElsewhere(relative))
            {
                File.Delete(path);
                Log.LeftoverDeleted(logger, relative);
            }
            else
            {
                File.Move(path, path + SegmentPath.Unknown, overwrite: true);
                Log.UnknownFile(logger, relative, relative + SegmentPath.Unknown);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.LeftoverNotDeleted(logger, e, relative);
        }
    }

    private bool IsElsewhere(string relative) => SegmentPath.Parse(relative) is var (id, first) && store.Catalog.Find(id) is { } feed && database.Read(c => c.Scalar<long>(
        "SELECT EXISTS (SELECT 1 FROM log WHERE feed = $feed AND first = $first) OR EXISTS (SELECT 1 FROM segment WHERE feed = $feed AND first <= $first AND last >= $first)",
        ("$feed", feed.Number), ("$first", first))) != 0;

    /// <summary>Tells whether a feed's log is large or old enough to become a file.</summary>
    public bool AnyIsDue() => store.Catalog.Entries.Any(IsDue);

    private bool IsDue(FeedEntry feed)
    {
        StoredRange log = feed.Log;
        if (log.Count == 0)
            return false;

        // A clock that was set back must not let the log wait until it has caught up.
        TimeSpan age = TimeSpan.FromTicks((EpochTime.FromDateTimeOffset(time.GetUtcNow()) - log.Since) / 100).Duration();
        return log.Bytes >= _options.SegmentBytes.Bytes || age >= _options.SegmentMaximumAge
            || (age >= _options.SegmentAge && log.Count >= _options.SegmentMinimumRecords);
    }

    private async Task<bool> TryCloseAsync(FeedEntry feed)
    {
        try
        {
            Segment? segment = await Task.Run(() => _writer.WriteAsync(feed, _options.SegmentBytes.Bytes)).ConfigureAwait(false);
            if (segment is null)
                return feed.Log.Count == 0;
            StoreInstruments.Segments.Add(1);
            Log.SegmentClosed(logger, feed.Id, segment.Range.Count, segment.Path, segment.Range.Bytes);
            return true;
        }
        catch (Exception e) when (e is IOException or DuckDbException or SqliteException or InvalidDataException or UnauthorizedAccessException)
        {
            Log.SegmentNotClosed(logger, e, feed.Id);
            return false;
        }
    }
}

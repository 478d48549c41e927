using Mlops.Data;
using Mlops.Store.Catalog;
using Mlops.Store.CommitLog;
using Mlops.Store.Queries;
using Mlops.Store.Retention;
using Mlops.Store.Segments;

namespace Mlops.Store;

/// <inheritdoc/>
internal sealed class StoreKeeper(NodeDatabase database, QueryEngine engine, FeedStore store, RecordRetention retention, TimeProvider time) : IStoreKeeper
{
    private const long Day = 86_400_000_000_000;
    private const long Window = 7 * Day;

    public StoreStatus Status()
    {
        long now = EpochTime.FromDateTimeOffset(time.GetUtcNow());
        var recent = new Dictionary<long, StoredRange>();
        var files = new Dictionary<long, int>();
        database.Read(connection =>
        {
            foreach ((long feed, int count) in connection.Rows("SELECT feed, COUNT(*) FROM segment GROUP BY feed", r => (r.GetInt64(0), r.GetInt32(1))))
                files[feed] = count;
            foreach ((long feed, StoredRange range) in connection.Rows(
                "SELECT feed, SUM(count), MIN(min_time), MAX(max_time), SUM(bytes) FROM segment WHERE max_time >= $from GROUP BY feed",
                r => (r.GetInt64(0), new StoredRange(0, 0, r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4))),
                ("$from", now - Window)))
            {
                recent[feed] = range;
            }

            return true;
        });
        return new StoreStatus
        {
            Trouble = database.Trouble?.Reason,
            TroubleSince = database.Trouble?.Since,
            Feeds = [.. store.Catalog.Entries.Select(f => Of(f, files.GetValueOrDefault(f.Number), recent.GetValueOrDefault(f.Number), now)).OrderBy(f => f.Feed, StringComparer.Ordinal)],
            Damaged = store.SetAside.List(),
            DatabaseBytes = Directory.EnumerateFiles(database.Folder, "mlops.db*").Sum(f => new FileInfo(f).Length),
            FreeBytes = new DriveInfo(database.Folder).AvailableFreeSpace,
        };
    }

    public async Task<StoreVerification> VerifyAsync(CancellationToken cancellationToken = default)
    {
        HashSet<DamagedRecords> known = [.. store.SetAside.List()];
        int files = 0, rows = 0;
        long bytes = 0;
        foreach (FeedEntry feed in store.Catalog.Entries)
        {
            using IDisposable lease = engine.Leases.Take();
            foreach (Segment segment in database.Read(connection => SegmentRows.OfFeed(connection, feed.Number)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await Task.Run(() => store.SetAside.SegmentIfBrokenAsync(feed, segment), cancellationToken).ConfigureAwait(false);
                files++;
                bytes += segment.Range.Bytes;
            }

            (int read, long length) = await VerifyLogAsync(feed, cancellationToken).ConfigureAwait(false);
            rows += read;
            bytes += length;
        }

        return new StoreVerification(files, rows, bytes, [.. store.SetAside.List().Where(d => !known.Contains(d))]);
    }

    public Task<IReadOnlyList<DamagedRecords>> ForgetDamagedAsync(string feed, CancellationToken cancellationToken = default) =>
        store.SetAside.ForgetAsync(store.Catalog.Require(feed), cancellationToken);

    public Task<RetentionResult> ApplyRetentionAsync(bool pastReaders = false, CancellationToken cancellationToken = default) =>
        retention.ApplyAsync(pastReaders, cancellationToken);

    private async Task<(int Rows, long Bytes)> VerifyLogAsync(FeedEntry feed, CancellationToken cancellationToken)
    {
        int count = 0;
        long bytes = 0;
        var broken = new List<(long Id, string Reason)>();
        await Task.Run(
            () => database.Read(connection =>
            {
                using var rows = new SqliteStatement(connection, "SELECT id, checksum, data FROM log INDEXED BY log_feed WHERE feed = ?1 ORDER BY first");
                rows.Bind(1, feed.Number);
                while (!cancellationToken.IsCancellationRequested && rows.Step())
                {
                    count++;
                    bytes += rows.Blob(2).Length;
                    uint found = Checksum.Of(rows.Blob(2)), expected = (uint)rows.Int64(1);
                    if (found != expected)
                        broken.Add((rows.Int64(0), $"Its checksum is {found:x8} and should be {expected:x8}."));
                }

                rows.Reset();
                return true;
            }),
            cancellationToken).ConfigureAwait(false);
        foreach ((long id, string reason) in broken)
            await store.SetAside.LogRowAsync(feed, id, reason).ConfigureAwait(false);
        return (count, bytes);
    }

    private static FeedStorage Of(FeedEntry feed, int files, StoredRange recent, long now)
    {
        FeedInfo info = feed.Info();
        StoredRange log = feed.Log;
        if (log.Count > 0 && log.MaxTime >= now - Window)
            recent = recent.With(log);

        // A feed that has only just begun is not blown up to a whole day of its first minute.
        double days = recent.Count == 0 ? 1 : Math.Clamp((now - recent.MinTime) / (double)Day, 1.0 / 24, 7);
        return new FeedStorage(
            feed.Id, info.Records, files, feed.Segments.Bytes + log.Bytes, log.Bytes, Time(info.First), Time(info.Last), recent.Count / days, recent.Bytes / days);
    }

    private static DateTimeOffset? Time(long? nanoseconds) => nanoseconds is { } at ? EpochTime.ToDateTimeOffset(at) : null;
}

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.Store.Catalog;
using Mlops.Store.Segments;

namespace Mlops.Store.Retention;

/// <summary>Drops whole Parquet files whose records are too old or too many, oldest first, but none that a reader still needs.</summary>
internal sealed class RecordRetention(
    NodeDatabase database, FeedStore store, IEnumerable<IRetentionHold> holds, IOptions<StoreOptions> options, TimeProvider time, ILogger<RecordRetention> logger)
{
    private readonly RetentionOptions _options = options.Value.Retention;
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);

    /// <summary>Drops what is due.</summary>
    /// <param name="pastReaders">Whether it goes although a reader has not come to it.</param>
    /// <param name="cancellationToken">Leaves the rest for the next time.</param>
    /// <exception cref="IOException">The disk refuses; what was dropped by then is dropped.</exception>
    public async Task<RetentionResult> ApplyAsync(bool pastReaders, CancellationToken cancellationToken)
    {
        long now = EpochTime.FromDateTimeOffset(time.GetUtcNow());
        pastReaders |= _options.PastReaders;
        var due = new List<(FeedEntry Feed, Segment Segment, string Reason)>();
        foreach (FeedEntry feed in store.Catalog.Entries)
            due.AddRange(DueOf(feed, now).Select(d => (feed, d.Segment, d.Reason)));
        AddDueTogether(due);
        long records = 0, bytes = 0;
        var held = new List<HeldRecords>();
        ILookup<string, HeldRecords> needs = pastReaders || due.Count == 0
            ? Array.Empty<HeldRecords>().ToLookup(h => h.Feed)
            : holds.SelectMany(h => h.Held()).ToLookup(h => h.Feed, StringComparer.Ordinal);
        foreach (IGrouping<FeedEntry, (FeedEntry Feed, Segment Segment, string Reason)> group in due.GroupBy(d => d.Feed))
        {
            cancellationToken.ThrowIfCancellationRequested();
            HeldRecords? hold = needs[group.Key.Id].MinBy(h => h.AfterPosition);
            List<Segment> free = [.. group.Select(d => d.Segment).Where(s => hold is null || s.Range.Last <= hold.AfterPosition)];
            if (hold is not null && free.Count < group.Count())
                held.Add(hold);
            StoredRange dropped = await DropAsync(group.Key, free, group.First().Reason).ConfigureAwait(false);
            records += dropped.Count;
            bytes += dropped.Bytes;
        }

        Say(held);
        return new RetentionResult(records, bytes, held);
    }

    private IEnumerable<(Segment Segment, string Reason)> DueOf(FeedEntry feed, long now)
    {
        FeedRetention rule = _options.Of(feed.Id);
        if ((rule.MaximumAge is null && rule.MaximumBytes is null) || feed.Segments.Count == 0)
            yield break;
        long left = feed.Segments.Bytes + feed.Log.Bytes;
        foreach (Segment segment in database.Read(connection => SegmentRows.OfFeed(connection, feed.Number)))
        {
            bool old = rule.MaximumAge is { } age && segment.Range.MaxTime < now - (age.Ticks * 100);
            if (!old && !(left > rule.MaximumBytes?.Bytes))
                continue;
            left -= segment.Range.Bytes;
            yield return (segment, old ? $"older than {rule.MaximumAge}." : $"the feed has more than {rule.MaximumBytes}.");
        }
    }

    private void AddDueTogether(List<(FeedEntry Feed, Segment Segment, string Reason)> due)
    {
        if (_options.TotalBytes is not { } total)
            return;
        long left = store.Catalog.Entries.Sum(f => f.Segments.Bytes + f.Log.Bytes) - due.Sum(d => d.Segment.Range.Bytes);
        if (left <= total.Bytes)
            return;
        HashSet<long> chosen = [.. due.Select(d => d.Segment.Id)];
        foreach ((FeedEntry feed, Segment segment) in store.Catalog.Entries
            .SelectMany(f => database.Read(connection => SegmentRows.OfFeed(connection, f.Number)).Select(s => (f, s)))
            .Where(x => !chosen.Contains(x.s.Id))
            .OrderBy(x => x.s.Range.MaxTime))
        {
            if (left <= total.Bytes)
                return;
            left -= segment.Range.Bytes;
            due.Add((feed, segment, $"all feeds together have more than {total}."));
        }
    }

    private async Task<StoredRange> DropAsync(FeedEntry feed, List<Segment> segments, string reason)
    {
        if (segments.Count == 0)
            return default;

        // What compaction took meanwhile is due again the next time.
        List<Segment> dropped = await SegmentRows.ChangeAsync(database, feed, connection =>
        {
            List<Segment> registered = segments.FindAll(s => SegmentRows.Delete(connection, s.Id));
            registered.ForEach(s => ObsoleteFiles.List(connection, s.Path));
            return registered;
        }).ConfigureAwait(false);
        store.Obsolete.Add([.. dropped.Select(s => s.Path)]);
        StoredRange sum = dropped.Aggregate(default(StoredRange), (all, s) => all.With(s.Range));
        if (dropped.Count > 0)
        {
            StoreInstruments.Dropped.Add(sum.Count, new KeyValuePair<string, object?>("feed", feed.Id));
            Log.RecordsDropped(logger, feed.Id, sum.Count, EpochTime.ToDateTimeOffset(sum.MaxTime), sum.Bytes, dropped.Count, reason);
        }

        return sum;
    }

    // Once for each reader, until it has caught up.
    private void Say(List<HeldRecords> held)
    {
        _said.IntersectWith(held.Select(h => $"{h.Feed}\n{h.Reader}"));
        foreach (HeldRecords hold in held)
        {
            if (_said.Add($"{hold.Feed}\n{hold.Reader}"))
                Log.RecordsHeld(logger, hold.Feed, hold.Reader);
        }
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.DuckDb;
using Mlops.Store.Catalog;
using Mlops.Store.Charts;
using Mlops.Store.CommitLog;
using Mlops.Store.Queries;
using Mlops.Store.Segments;

namespace Mlops.Store.Compaction;

/// <summary>
/// Makes one Parquet file of several small ones. The new file is whole before the transaction that registers it and unregisters the
/// others; those are deleted when nobody reads them any more. So at any moment of a crash every record is in one registered file.
/// </summary>
/// <remarks>
/// Files of several revisions of one version become a file of the newest of them: columns that came later are null, names are the newest,
/// integers become floating-point numbers where the field did. A file with integers that would lose digits by that stays as it is.
/// </remarks>
internal sealed class SegmentCompactor(NodeDatabase database, QueryEngine engine, FeedStore store, IOptions<StoreOptions> options, ILogger<SegmentCompactor> logger)
{
    private const string LargestExact = "9007199254740992";
    private readonly StoreOptions _options = options.Value;
    private readonly ConcurrentDictionary<string, long> _seen = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, bool> _onlyExact = new();

    /// <summary>Compacts feeds that got files since the last time, one run after the other.</summary>
    /// <param name="goOn">Asked between two runs; what is left is done the next time.</param>
    /// <returns>How many files there are fewer.</returns>
    public async Task<int> CompactAsync(Func<bool> goOn)
    {
        int fewer = 0;
        foreach (FeedEntry feed in store.Catalog.Entries.Where(f => engine.CanJoin(f.Current.Schema.Fields)))
        {
            long version = feed.SegmentChanges;
            while (goOn() && _seen.GetValueOrDefault(feed.Id, -1) != version)
            {
                int files = await TryCompactAsync(feed).ConfigureAwait(false);
                fewer += Math.Max(0, files - 1);
                version = feed.SegmentChanges;
                if (files == 0)
                    _seen[feed.Id] = version;
            }
        }

        return fewer;
    }

    private async Task<int> TryCompactAsync(FeedEntry feed)
    {
        IReadOnlyList<Segment> run = database.Read(connection => Choose(connection, feed));
        if (run.Count == 0)
            return 0;
        await store.WritingFiles.WaitAsync().ConfigureAwait(false);
        try
        {
            Segment? made = await Task.Run(() => Write(feed, run)).ConfigureAwait(false);
            if (made is null)
                return 1;
            await RegisterAsync(feed, run, made).ConfigureAwait(false);
            StoreInstruments.Compacted.Add(run.Count);
            Log.SegmentsCompacted(logger, feed.Id, run.Count, made.Range.Count, made.Path, made.Range.Bytes);
            return run.Count;
        }
        catch (Exception e) when (e is IOException or DuckDbException or SqliteException or InvalidDataException or UnauthorizedAccessException)
        {
            // A broken file is named and set aside; the others are tried again at once.
            bool broken = false;
            foreach (Segment segment in run)
                broken |= await store.SetAside.SegmentIfBrokenAsync(feed, segment).ConfigureAwait(false);
            if (!broken)
                Log.SegmentsNotCompacted(logger, e, feed.Id, run.Count);
            return broken ? 1 : 0;
        }
        finally
        {
            store.WritingFiles.Release();
        }
    }

    private IReadOnlyList<Segment> Choose(SqliteConnection connection, FeedEntry feed)
    {
        IReadOnlyList<Segment> run = CompactionChoice.Of(
            SegmentRows.OfFeed(connection, feed.Number), _options.CompactionFiles, _options.CompactionBytes.Bytes, _options.CompactionSpan.Ticks * 100, (a, b) => GoTogether(feed, a, b));
        return run.Count > 0 && HasLogWithin(connection, feed, run) ? [] : run;
    }

    // Later revisions of a version have all fields of the earlier ones, in types that take their values.
    private bool GoTogether(FeedEntry feed, Segment a, Segment b)
    {
        (FeedRevision older, FeedRevision newer) = a.Revision < b.Revision ? (feed.Revision(a.Revision), feed.Revision(b.Revision)) : (feed.Revision(b.Revision), feed.Revision(a.Revision));
        return older.Schema.Version == newer.Schema.Version && (_onlyExact.IsEmpty || !(_onlyExact.ContainsKey(a.Id) || _onlyExact.ContainsKey(b.Id)) || newer.Holds(older));
    }

    // None when a file turned out to be one that cannot go with the others.
    private Segment? Write(FeedEntry feed, IReadOnlyList<Segment> run)
    {
        StoredRange range = run.Aggregate(default(StoredRange), (sum, s) => sum.With(s.Range));
        foreach (Segment segment in run)
        {
            // A fault that the engine does not notice must not become part of a file whose checksum then says that all is well.
            if (SetAside.FindFault(Path.Combine(engine.FeedsFolder, segment.Path), segment.Range.Bytes, segment.Checksum) is { } fault)
                throw new InvalidDataException($"Feed '{feed.Id}': '{segment.Path}' is broken: {fault}");
        }

        using QuerySession session = engine.Open();
        FeedRevision target = feed.Revision(run.Max(s => s.Revision));
        if (FindRounded(session.Connection, feed, run, target))
            return null;
        string select = string.Join(" UNION ALL ", Groups(run).Select(g => SegmentSql.Select(engine.FeedsFolder, g, new SchemaMap(feed.Revision(g[0].Revision), target), target)));
        using (DuckDbResult count = session.Connection.Query($"SELECT count(*), min({ColumnNames.Position}), max({ColumnNames.Position}) FROM ({select})"))
        {
            DuckDbChunk chunk = count.NextChunk()!;
            if (chunk[0].GetInt64(0) != range.Count || chunk[1].GetInt64(0) != range.First || chunk[2].GetInt64(0) != range.Last)
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"Feed '{feed.Id}': {run.Count} files should hold {range.Count} records and hold {chunk[0].GetInt64(0)}."));
        }

        // The file stands in the folder of its first record's day, as the first of those that it replaces does.
        string folder = Path.GetDirectoryName(run[0].Path)!.Replace(Path.DirectorySeparatorChar, '/');
        return SegmentFile.Write(
            session.Connection, engine.FeedsFolder, $"{folder}/{SegmentPath.NameOf(range)}", select, target, range);
    }

    // Neighbours of one revision are one table to the engine.
    private static List<List<Segment>> Groups(IReadOnlyList<Segment> run)
    {
        var groups = new List<List<Segment>>();
        foreach (Segment segment in run)
        {
            if (groups.Count == 0 || groups[^1][0].Revision != segment.Revision)
                groups.Add([]);
            groups[^1].Add(segment);
        }

        return groups;
    }

    // Integers beyond 53 bits are not all floating-point numbers; a file that has such stays exact, with those that go without rounding.
    private bool FindRounded(DuckDbConnection connection, FeedEntry feed, IReadOnlyList<Segment> run, FeedRevision target)
    {
        bool found = false;
        foreach (Segment segment in run.Where(s => !target.Holds(feed.Revision(s.Revision))))
        {
            FeedRevision source = feed.Revision(segment.Revision);
            IEnumerable<string> widened = source.Columns.Where((_, i) => source.Schema.Fields[i].Type != target.Schema.Fields[target.IndexOfKey(source.Keys[i])].Type)
                .Select(column => $"{Sql.Identifier(column)} NOT BETWEEN -{LargestExact} AND {LargestExact}");
            using DuckDbResult rounded = connection.Query(
                $"SELECT count(*) FROM read_parquet([{Sql.Text(Path.Combine(engine.FeedsFolder, segment.Path))}]) WHERE {string.Join(" OR ", widened)}");
            if (rounded.NextChunk()![0].GetInt64(0) > 0)
                found |= _onlyExact.TryAdd(segment.Id, true);
        }

        return found;
    }

    private async Task RegisterAsync(FeedEntry feed, IReadOnlyList<Segment> run, Segment made)
    {
        string[] paths = [.. run.Select(s => s.Path)];
        try
        {
            await SegmentRows.ChangeAsync(database, feed, connection =>
            {
                if (HasLogWithin(connection, feed, run))
                    throw new InvalidDataException($"Feed '{feed.Id}': records came between those of its small files; the files stay as they are.");
                List<(string Field, FieldSummary Summary)> summaries = SegmentSummaries.Merge(connection, feed, run, feed.Revision(made.Revision));
                foreach (Segment segment in run)
                {
                    if (!SegmentRows.Delete(connection, segment.Id))
                        throw new InvalidDataException($"Feed '{feed.Id}': '{segment.Path}' is no part of the store any more; its neighbours stay as they are.");
                    ObsoleteFiles.List(connection, segment.Path);
                }

                SegmentSummaries.Insert(connection, SegmentRows.Insert(connection, feed.Number, made), summaries);
                return true;
            }).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not IOException)
        {
            File.Delete(Path.Combine(engine.FeedsFolder, made.Path));
            throw;
        }

        store.Obsolete.Add(paths);
    }

    private static bool HasLogWithin(SqliteConnection connection, FeedEntry feed, IReadOnlyList<Segment> run) => connection.Scalar<long>(
        "SELECT EXISTS (SELECT 1 FROM log INDEXED BY log_feed WHERE feed = $feed AND first <= $last AND last >= $first)",
        ("$feed", feed.Number), ("$first", run[0].Range.First), ("$last", run[^1].Range.Last)) != 0;
}

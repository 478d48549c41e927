using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Data;
using Mlops.Store.Catalog;
using Mlops.Store.CommitLog;
using Mlops.Store.Queries;
using Mlops.Store.Segments;

namespace Mlops.Store;

/// <summary>
/// The store of one node: a log in SQLite, Parquet files that the log becomes, and one way of reading both.
/// </summary>
internal sealed class FeedStore : IFeedStore, IDisposable
{
    private readonly NodeDatabase _database;
    private readonly QueryEngine _engine;
    private readonly TimeProvider _time;
    private readonly PositionReservation _positions;
    private readonly long _segmentBytes;

    public FeedStore(NodeDatabase database, QueryEngine engine, IOptions<StoreOptions> options, TimeProvider time, ILogger<FeedStore> logger)
    {
        _database = database;
        _engine = engine;
        _time = time;
        _segmentBytes = options.Value.SegmentBytes.Bytes;
        Catalog = new FeedCatalog(database, options.Value.QueryMemory, time, logger);
        _positions = new PositionReservation(database, logger);
        SetAside = new SetAside(database, engine.FeedsFolder, number => Catalog.Entries.FirstOrDefault(f => f.Number == number), time, logger);
        Obsolete = new ObsoleteFiles(database, engine.Leases, engine.FeedsFolder, logger);
    }

    public event Action<string, long>? Committed;

    /// <summary>Occurs on the writing thread when a feed's log has grown to the size of a segment; handlers are quick and do not throw.</summary>
    public event Action? LogGrown;

    public FeedCatalog Catalog { get; }

    public SetAside SetAside { get; }

    public ObsoleteFiles Obsolete { get; }

    /// <summary>Gets the gate for whoever writes Parquet files or looks through their folder.</summary>
    public SemaphoreSlim WritingFiles { get; } = new(1, 1);

    public IReadOnlyList<FeedInfo> List() => Catalog.List();

    public FeedSchema? Find(string feed) => Catalog.Find(feed)?.Current.Schema;

    public ValueTask<FeedSchema> DeclareAsync(FeedDeclaration declaration, CancellationToken cancellationToken = default) =>
        Catalog.DeclareAsync(declaration, cancellationToken);

    public ValueTask<long> ReservePositionsAsync(int count) => _positions.ReserveAsync(count);

    public ValueTask CommitAsync(StoreCommit commit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(commit);
        return commit.Batches.Count == 0 && commit.Cursors.Count == 0 ? ValueTask.CompletedTask : new ValueTask(WriteAsync(commit, cancellationToken));
    }

    public IAsyncEnumerable<RecordBatch> ReadAsync(FeedQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return ReadAsync(Catalog.Require(query.Feed), query, projection: null, cancellationToken);
    }

    /// <summary>Reads what expressions make of the fields.</summary>
    public IAsyncEnumerable<RecordBatch> ReadAsync(FeedEntry feed, FeedQuery query, ScanProjection? projection, CancellationToken cancellationToken) =>
        ReadAsync(feed, query, projection, joins: [], cancellationToken);

    /// <summary>Reads what expressions make of the fields and of those of joined feeds.</summary>
    public async IAsyncEnumerable<RecordBatch> ReadAsync(FeedEntry feed, FeedQuery query, ScanProjection? projection, IReadOnlyList<ScanJoin> joins, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var scan = new FeedScan(_database, _engine, SetAside, feed, query, projection, joins);
        while (await scan.NextAsync(cancellationToken).ConfigureAwait(false) is { } batch)
            yield return batch;
    }

    public long? GetCursor(string name) => _database.Read(connection =>
        connection.Rows("SELECT position FROM cursor WHERE name = $name", r => (long?)r.GetInt64(0), ("$name", name)).FirstOrDefault());

    public void Dispose()
    {
        Catalog.Dispose();
        WritingFiles.Dispose();
    }

    // Encoding happens before the first await, on the caller's thread: the writing thread only copies, and the batches are free at once.
    private async Task WriteAsync(StoreCommit commit, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        using CommitDraft draft = CommitDraft.Of(commit, Catalog, EpochTime.FromDateTimeOffset(_time.GetUtcNow()));
        await _database.WriteAsync(
            _ =>
            {
                draft.Write(_database);
                return draft;
            },
            Announce,
            cancellationToken).ConfigureAwait(false);
        StoreInstruments.CommitDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private void Announce(CommitDraft draft)
    {
        foreach (LogDraft row in draft.Rows)
        {
            StoredRange range = row.Range(draft.Created);
            row.Feed.AddToLog(range);
            Committed?.Invoke(row.Feed.Id, range.Last);
            StoreInstruments.Records.Add(range.Count);
            StoreInstruments.LogBytes.Add(range.Bytes);
            if (row.Feed.Log.Bytes >= _segmentBytes)
                LogGrown?.Invoke();
        }
    }
}

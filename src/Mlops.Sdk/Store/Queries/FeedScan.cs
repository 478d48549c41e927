using Mlops.Data;
using Mlops.DuckDb;
using Mlops.Store.Catalog;
using Mlops.Store.Segments;

namespace Mlops.Store.Queries;

/// <summary>
/// Reads one query's records batch by batch. A feed is a sequence of parts in the order of positions: Parquet files, then rows of
/// the log. Files are read by DuckDB as a stream, rows of the log directly, or through DuckDB when there is SQL to apply. Nothing is
/// sorted or held as a whole, and no transaction stays open between two batches: what is stored under a position never changes, so the
/// next part is found again in a snapshot of its own, in whichever of the two places it is by then.
/// </summary>
/// <remarks>Only a feed whose parts overlap (see <see cref="FeedEntry.HasOverlaps"/>), or that is joined with others, is read as one sorted part.</remarks>
internal sealed class FeedScan : IDisposable
{
    // With the chunk that comes last, a batch has at most 16,384 rows.
    private const int MaxBatchRows = 14_336;
    private const int ChunkRows = 2_048;
    private const int BatchBytes = 4 * 1024 * 1024;
    private const int SystemBytes = 64;

    private readonly NodeDatabase _database;
    private readonly SetAside _setAside;
    private readonly FeedEntry _feed;
    private readonly FeedRevision _target;
    private readonly FeedQuery _query;
    private readonly ScanBounds _bounds;
    private readonly LogRowDecoder _decoder;
    private readonly LogRowDecoder _logDecoder;
    private readonly LogScan _log;
    private readonly EngineScan _engine;
    private readonly IReadOnlyList<ScanJoin> _joins;
    private readonly bool _direct;
    private readonly bool _sorted;
    private string? _filter;

    public FeedScan(NodeDatabase database, QueryEngine engine, SetAside setAside, FeedEntry feed, FeedQuery query, ScanProjection? projection = null, IReadOnlyList<ScanJoin>? joins = null)
    {
        if (query.Limit is < 0)
            throw new ArgumentException($"Feed '{feed.Id}': the limit {query.Limit} is negative. Leave it out or give how many records are wanted.", nameof(query));
        _database = database;
        _setAside = setAside;
        _feed = feed;
        _target = query.Version is { } version ? feed.RequireVersion(version) : feed.Current;
        _query = query;
        _bounds = new ScanBounds(query, feed.LastPosition);
        _decoder = new LogRowDecoder(feed, _target);
        _joins = joins ?? [];
        _sorted = feed.HasOverlaps || _joins.Count > 0;
        var parts = new PartReader(feed, _bounds, oneByOne: !engine.CanJoin((projection?.Schema ?? _target.Schema).Fields));
        _direct = !_sorted && query.Filter is null && projection is not { IsPlain: false };
        int rows = Math.Clamp(BatchBytes / (SystemBytes + (sizeof(long) * (projection?.Schema ?? _target.Schema).Fields.Count)), 1, MaxBatchRows);
        var plain = new LogProjection(_target, _direct ? projection : null);
        _logDecoder = projection is null ? _decoder : new LogRowDecoder(feed, plain.Needed);
        _log = new LogScan(parts, _bounds, _logDecoder, plain, rows);
        _engine = new EngineScan(engine, parts, _bounds, _decoder, _target, projection, _joins, rows, (int)Math.Clamp(_bounds.Remaining, 1, rows + ChunkRows));
    }

    /// <summary>Reads the next batch.</summary>
    /// <returns>The batch, which the caller disposes, or <see langword="null"/> after the last.</returns>
    /// <exception cref="ArgumentException">The filter is not a pure expression or fails on a record.</exception>
    /// <exception cref="IOException">Stored data cannot be read for now.</exception>
    public async ValueTask<RecordBatch?> NextAsync(CancellationToken cancellationToken)
    {
        if (_query.Filter is { } filter && _filter is null)
            _filter = await Task.Run(() => FilterExpression.Check(_engine.Connection, _target, filter), cancellationToken).ConfigureAwait(false);
        while (!_bounds.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_direct && !_engine.IsOpen)
            {
                (RecordBatch? direct, bool visited, bool fileFollows) = _log.Next(_database);
                await _logDecoder.SetBrokenAsideAsync(_setAside).ConfigureAwait(false);
                if (direct is not null)
                    return direct;
                if (visited)
                    continue;
                if (!fileFollows)
                    return null;
            }

            (RecordBatch? batch, bool more) = await ReadThroughEngineAsync(cancellationToken).ConfigureAwait(false);
            if (batch is not null || !more)
                return batch;
        }

        return null;
    }

    public void Dispose()
    {
        _engine.Dispose();
        _log.Dispose();
    }

    private async Task<(RecordBatch? Batch, bool More)> ReadThroughEngineAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Off the caller's thread: a part may take as long as it takes to read a file.
            return await Task.Run(
                () =>
                {
                    bool more = _engine.IsOpen || _engine.Open(_database, _sorted, _filter, cancellationToken);
                    return (_engine.IsOpen ? _engine.Next() : null, more);
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (DuckDbException e)
        {
            _engine.Close();
            bool recovered = false;
            foreach (Segment segment in _engine.Segments)
                recovered |= await _setAside.SegmentIfBrokenAsync(_feed, segment).ConfigureAwait(false);
            foreach (ScanJoin join in _joins)
                recovered |= await join.Source.SetBrokenAsideAsync(_setAside, files: true).ConfigureAwait(false);
            return recovered ? (null, true) : throw Explain(e);
        }
        finally
        {
            await _decoder.SetBrokenAsideAsync(_setAside).ConfigureAwait(false);
            foreach (ScanJoin join in _joins)
                await join.Source.SetBrokenAsideAsync(_setAside, files: false).ConfigureAwait(false);
        }
    }

    private Exception Explain(DuckDbException error) => error.ErrorType switch
    {
        "Out of Memory" => new IOException($"Reading feed '{_feed.Id}' needs more memory than Mlops:Store:QueryMemory allows: {FilterExpression.Reason(error)}. Raise it, or read a shorter time.", error),
        "Conversion" or "Invalid Input" or "Out of Range" when _query.Filter is not null =>
            new ArgumentException($"Filter \"{_query.Filter}\" fails on a record of feed '{_feed.Id}': {FilterExpression.Reason(error)}. Make it hold for every record, for example with TRY_CAST.", error),
        _ => new IOException($"Reading feed '{_feed.Id}' failed: {FilterExpression.Reason(error)}. It is not known to be broken; try again.", error),
    };
}

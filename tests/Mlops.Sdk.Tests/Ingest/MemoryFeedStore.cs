using System.Runtime.CompilerServices;
using Mlops.Data;
using Mlops.Ingest;
using Mlops.Store;

namespace Mlops.Tests.Ingest;

/// <summary>A store in memory that can be made to wait, to refuse, and to tell what it was asked.</summary>
internal sealed class MemoryFeedStore : IFeedStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Feed> _feeds = new(StringComparer.Ordinal);
    private readonly Queue<Exception> _failures = new();
    private TaskCompletionSource? _gate;
    private long _nextPosition = 1;

    public event Action<string, long>? Committed;

    /// <summary>Gets how often a commit was asked for.</summary>
    public int Attempts { get; private set; }

    /// <summary>Gets how many commits were kept.</summary>
    public int Commits { get; private set; }

    public int Declarations { get; private set; }

    /// <summary>Gets or sets a feed whose records this store cannot take.</summary>
    public string? Poisoned { get; set; }

    /// <summary>Gets or sets a value indicating whether batches are let go of once they are committed, as a store on a disk does.</summary>
    public bool Forgets { get; set; }

    /// <summary>Gets or sets what a declaration throws.</summary>
    public Queue<Exception> DeclareFailures { get; } = new();

    /// <summary>Lets commits wait until released.</summary>
    public void Block()
    {
        lock (_lock)
            _gate ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Release()
    {
        lock (_lock)
        {
            _gate?.SetResult();
            _gate = null;
        }
    }

    public void FailNextCommit(Exception exception)
    {
        lock (_lock)
            _failures.Enqueue(exception);
    }

    public IReadOnlyList<FeedInfo> List()
    {
        lock (_lock)
            return [.. _feeds.Values.Select(f => new FeedInfo(f.Schema, f.Batches.Sum(b => b.Count), null, null, f.Last))];
    }

    public FeedSchema? Find(string feed)
    {
        lock (_lock)
            return _feeds.GetValueOrDefault(feed)?.Schema;
    }

    public async ValueTask<FeedSchema> DeclareAsync(FeedDeclaration declaration, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        lock (_lock)
        {
            Declarations++;
            if (DeclareFailures.TryDequeue(out Exception? failure))
                throw failure;
            string id = declaration.Origin is { } origin ? FeedId.From(origin) : declaration.Feed!;
            if (!_feeds.TryGetValue(id, out Feed? feed))
                _feeds.Add(id, feed = new Feed(new FeedSchema(id, declaration.Fields, 1, declaration.Origin)));
            bool changed = declaration.Fields.Any(f => feed.Schema.IndexOf(f.Name) is var i && i >= 0 && feed.Schema.Fields[i].Type != f.Type);
            var fields = feed.Schema.Fields.Select(f => declaration.Fields.FirstOrDefault(d => d.Name == f.Name) ?? f)
                .Concat(declaration.Fields.Where(f => feed.Schema.IndexOf(f.Name) < 0)).ToList();
            if (changed || fields.Count > feed.Schema.Fields.Count)
                feed.Schema = new FeedSchema(id, fields, feed.Schema.Version + (changed ? 1 : 0), declaration.Origin);
            return feed.Schema;
        }
    }

    public ValueTask<long> ReservePositionsAsync(int count)
    {
        lock (_lock)
        {
            long first = _nextPosition;
            _nextPosition += count;
            return new ValueTask<long>(first);
        }
    }

    public async ValueTask CommitAsync(StoreCommit commit, CancellationToken cancellationToken = default)
    {
        Task? gate;
        lock (_lock)
        {
            Attempts++;
            gate = _gate?.Task;
        }

        if (gate is not null)
            await gate.WaitAsync(cancellationToken);
        lock (_lock)
        {
            if (_failures.TryDequeue(out Exception? failure))
                throw failure;
            if (commit.Batches.Any(b => b.Schema.Feed == Poisoned))
                throw new ArgumentException("poisoned");
            foreach (RecordBatch batch in commit.Batches)
            {
                Feed feed = _feeds[batch.Schema.Feed];
                batch.Positions[0].ShouldBeGreaterThan(feed.Last);
                feed.Last = batch.Positions[^1];
                if (!Forgets)
                    feed.Batches.Add(batch.Retain());
            }

            Commits++;
            foreach (RecordBatch batch in commit.Batches)
                Committed?.Invoke(batch.Schema.Feed, batch.Positions[^1]);
        }
    }

    public async IAsyncEnumerable<RecordBatch> ReadAsync(FeedQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        var rows = new List<(RecordBatch Batch, int Row)>();
        FeedSchema schema;
        lock (_lock)
        {
            Feed feed = _feeds[query.Feed];
            schema = feed.Schema;
            rows.AddRange(feed.Batches.SelectMany(b => Enumerable.Range(0, b.Count).Select(i => (b, i))));
        }

        if (query.Descending)
            rows.Reverse();
        var builder = new RecordBatchBuilder(schema);
        foreach ((RecordBatch batch, int row) in rows.Take((int)(query.Limit ?? int.MaxValue)))
            BatchCopy.Append(builder, batch, row, BatchCopy.Map(batch.Schema, schema), 1, 1);
        if (builder.Count > 0)
            yield return builder.Build();
    }

    public long? GetCursor(string name) => null;

    /// <summary>Returns all rows of a feed as names and values, with what every record has under <c>_…</c>.</summary>
    public List<Dictionary<string, object?>> Rows(string feed)
    {
        lock (_lock)
        {
            return _feeds.TryGetValue(feed, out Feed? found)
                ? [.. found.Batches.SelectMany(b => Enumerable.Range(0, b.Count).Select(i => Row(b, i)))]
                : [];
        }
    }

    private static Dictionary<string, object?> Row(RecordBatch batch, int row)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["_position"] = batch.Positions[row],
            ["_timestamp"] = batch.Timestamps[row],
            ["_quality"] = (int)batch.Qualities[row],
            ["_seq"] = batch.Sequences[row] == RecordBatch.NoSequence ? null : batch.Sequences[row],
            ["_rseq"] = batch.RecordSequences[row] == RecordBatch.NoSequence ? null : batch.RecordSequences[row],
            ["_received"] = batch.Received[row],
        };
        for (int c = 0; c < batch.Schema.Fields.Count; c++)
            values[batch.Schema.Fields[c].Name] = batch.Column(c).GetValue(row);
        return values;
    }

    private sealed class Feed(FeedSchema schema)
    {
        public FeedSchema Schema { get; set; } = schema;

        public List<RecordBatch> Batches { get; } = [];

        public long Last { get; set; }
    }
}

namespace Mlops.Store.Charts;

/// <summary>Keeps what was computed of Parquet files, which never change: the buckets of each file, field and width, those used last. Thread-safe.</summary>
internal sealed class SegmentSummaries
{
    private const long MaxBuckets = 200_000;
    private readonly Lock _lock = new();
    private readonly Dictionary<(long Segment, string Column, long Width), LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = new();
    private long _buckets;

    public bool TryGet(long segment, string column, long width, out IReadOnlyList<(long Number, BucketSummary Bucket)> buckets)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue((segment, column, width), out LinkedListNode<Entry>? node))
            {
                buckets = [];
                return false;
            }

            _byUse.Remove(node);
            _byUse.AddLast(node);
            buckets = node.Value.Buckets;
            return true;
        }
    }

    public void Put(long segment, string column, long width, IReadOnlyList<(long Number, BucketSummary Bucket)> buckets)
    {
        lock (_lock)
        {
            if (_entries.ContainsKey((segment, column, width)))
                return;
            _entries.Add((segment, column, width), _byUse.AddLast(new Entry((segment, column, width), buckets)));
            for (_buckets += Cost(buckets); _buckets > MaxBuckets;)
            {
                Entry oldest = _byUse.First!.Value;
                _byUse.RemoveFirst();
                _entries.Remove(oldest.Key);
                _buckets -= Cost(oldest.Buckets);
            }
        }
    }

    // An entry costs something even when a field has no value in a file.
    private static int Cost(IReadOnlyList<(long Number, BucketSummary Bucket)> buckets) => buckets.Count + 2;

    private sealed record Entry((long Segment, string Column, long Width) Key, IReadOnlyList<(long Number, BucketSummary Bucket)> Buckets);
}

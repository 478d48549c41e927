using System.Runtime.InteropServices;

namespace Mlops.Store.Charts;

/// <summary>Sums up one field of a file whose extent is not known yet: the buckets widen whenever they become too many.</summary>
internal sealed class SummaryBuilder : BucketTarget
{
    private const int MaxBuckets = 512;
    private const int RowsPerBucket = 32;
    private readonly Dictionary<long, int> _index = [];
    private List<SummaryBucket> _buckets = [];
    private long _width = 1_000;
    private bool _isPowerOfTen = true;

    /// <summary>Adds what is known of another file.</summary>
    public void Add(FieldSummary summary)
    {
        while (_width < summary.Width)
            Widen();
        foreach (SummaryBucket bucket in summary.Buckets)
            Add(bucket, summary.Width);
        while (_buckets.Count > MaxBuckets)
            Widen();
    }

    /// <summary>Ends the summary.</summary>
    /// <param name="rows">How many rows the file has: of few there are few buckets.</param>
    public FieldSummary Finish(long rows)
    {
        while (_buckets.Count > Math.Clamp(rows / RowsPerBucket, 1, MaxBuckets))
            Widen();
        return new FieldSummary(_width, _buckets);
    }

    protected override ref BucketSummary At(long time, out long from, out long to)
    {
        long number = BucketGrid.Floor(time, _width);
        while (!_index.ContainsKey(number) && _buckets.Count >= MaxBuckets)
        {
            Widen();
            number = BucketGrid.Floor(time, _width);
        }

        (from, to) = (BucketGrid.StartOf(number, _width), BucketGrid.StartOf(number + 1, _width));
        return ref Values(number);
    }

    private void Add(in SummaryBucket bucket, long width) => Values(BucketGrid.Floor(BucketGrid.StartOf(bucket.Number, width), _width)).Add(bucket.Values);

    private ref BucketSummary Values(long number)
    {
        ref int place = ref CollectionsMarshal.GetValueRefOrAddDefault(_index, number, out bool known);
        if (!known)
        {
            place = _buckets.Count;
            _buckets.Add(new SummaryBucket(number, default));
        }

        return ref CollectionsMarshal.AsSpan(_buckets)[place].Values;
    }

    private void Widen()
    {
        (List<SummaryBucket> before, long width) = (_buckets, _width);
        _width *= _isPowerOfTen ? 5 : 2;
        _isPowerOfTen = !_isPowerOfTen;
        _buckets = [];
        _index.Clear();
        foreach (SummaryBucket bucket in before)
            Add(bucket, width);
    }
}

using System.Runtime.CompilerServices;

namespace Mlops.Store.Charts;

/// <summary>The buckets of one field of a chart.</summary>
internal sealed class ChartBuckets(BucketGrid grid) : BucketTarget
{
    private readonly BucketSummary[] _buckets = new BucketSummary[grid.Count];

    public ReadOnlySpan<BucketSummary> Buckets => _buckets;

    /// <summary>Adds what is stored of a file; its buckets must lie within those of the chart.</summary>
    public void Add(FieldSummary summary)
    {
        foreach (SummaryBucket bucket in summary.Buckets)
        {
            long number = BucketGrid.Floor(BucketGrid.StartOf(bucket.Number, summary.Width), grid.Width) - grid.First;
            if (number >= 0 && number < _buckets.Length)
                _buckets[number].Add(bucket.Values);
        }
    }

    protected override ref BucketSummary At(long time, out long from, out long to)
    {
        if (time < grid.Start || time >= grid.End)
        {
            (from, to) = time < grid.Start ? (long.MinValue, grid.Start) : (grid.End, long.MaxValue);
            return ref Unsafe.NullRef<BucketSummary>();
        }

        long number = BucketGrid.Floor(time, grid.Width);
        (from, to) = (BucketGrid.StartOf(number, grid.Width), BucketGrid.StartOf(number + 1, grid.Width));
        return ref _buckets[number - grid.First];
    }
}

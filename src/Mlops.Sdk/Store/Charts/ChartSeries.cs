namespace Mlops.Store.Charts;

/// <summary>What became of one field, bucket by bucket. Nulls, NaN and infinity do not count; a bucket without values, a gap, has the count 0 and NaN everywhere else.</summary>
public sealed class ChartSeries
{
    internal ChartSeries(string field, ReadOnlySpan<BucketSummary> buckets)
    {
        Field = field;
        (long[] counts, double[] min, double[] max) = (new long[buckets.Length], new double[buckets.Length], new double[buckets.Length]);
        (double[] mean, double[] first, double[] last) = (new double[buckets.Length], new double[buckets.Length], new double[buckets.Length]);
        for (int i = 0; i < buckets.Length; i++)
        {
            ref readonly BucketSummary bucket = ref buckets[i];
            bool any = bucket.Count > 0;
            counts[i] = bucket.Count;
            min[i] = any ? bucket.Min : double.NaN;
            max[i] = any ? bucket.Max : double.NaN;
            mean[i] = any ? bucket.Sum / bucket.Count : double.NaN;
            first[i] = any ? bucket.First : double.NaN;
            last[i] = any ? bucket.Last : double.NaN;
        }

        (Counts, Min, Max, Mean, First, Last) = (counts, min, max, mean, first, last);
    }

    /// <summary>Gets the field.</summary>
    public string Field { get; }

    /// <summary>Gets how many values each bucket has.</summary>
    public IReadOnlyList<long> Counts { get; }

    /// <summary>Gets the smallest value of each bucket.</summary>
    public IReadOnlyList<double> Min { get; }

    /// <summary>Gets the largest value of each bucket.</summary>
    public IReadOnlyList<double> Max { get; }

    /// <summary>Gets the mean of each bucket.</summary>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>Gets the value of the earliest record of each bucket.</summary>
    public IReadOnlyList<double> First { get; }

    /// <summary>Gets the value of the latest record of each bucket.</summary>
    public IReadOnlyList<double> Last { get; }
}

namespace Mlops.Store.Charts;

/// <summary>A bucket of a <see cref="FieldSummary"/>. Stored as it is in memory.</summary>
internal struct SummaryBucket(long number, BucketSummary values)
{
    /// <summary>Which bucket, counted from 1970.</summary>
    public long Number = number;

    /// <summary>What is known of its values.</summary>
    public BucketSummary Values = values;
}

namespace Mlops.Store.Charts;

/// <summary>Buckets of equal width on a grid that begins at 1970, so that ranges that overlap share them.</summary>
/// <param name="Width">Width in nanoseconds.</param>
/// <param name="First">Number of the first bucket.</param>
/// <param name="Count">How many.</param>
internal readonly record struct BucketGrid(long Width, long First, int Count)
{
    public long Start => First * Width;

    public long End => Start + (Count * Width);

    public static BucketGrid Of(long from, long to, int points)
    {
        for (long power = 1; ; power *= 10)
        {
            foreach (long step in (ReadOnlySpan<long>)[1, 2, 5])
            {
                // The ends may lie anywhere in their buckets.
                long width = power * step;
                Int128 first = Floor(from, width), last = Floor(to - 1, width);
                if (last - first + 1 <= points)
                    return new BucketGrid(width, (long)first, (int)(last - first + 1));
            }
        }
    }

    /// <summary>Returns the number of the bucket of a time, rounded down also before 1970.</summary>
    public static long Floor(long time, long width) => time >= 0 ? time / width : -((-(time + 1) / width) + 1);

    /// <summary>Returns the first time of a bucket, or the earliest there is.</summary>
    public static long StartOf(long number, long width) => (long)Int128.Clamp((Int128)number * width, long.MinValue, long.MaxValue);
}

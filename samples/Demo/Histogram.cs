namespace Demo;

/// <summary>Counts durations in buckets 2 % wide, from 1 µs to 100 s: percentiles in constant memory.</summary>
internal sealed class Histogram
{
    private const double Smallest = 0.001;
    private static readonly double Step = Math.Log(1.02);
    private readonly long[] _counts = new long[1 + (int)(Math.Log(100_000 / Smallest) / Step)];
    private long _total;

    public long Total => Interlocked.Read(ref _total);

    public void Add(double milliseconds)
    {
        int bucket = milliseconds <= Smallest ? 0 : Math.Min(_counts.Length - 1, (int)(Math.Log(milliseconds / Smallest) / Step));
        Interlocked.Increment(ref _counts[bucket]);
        Interlocked.Increment(ref _total);
    }

    /// <summary>Returns a percentile in milliseconds, NaN without values.</summary>
    public double Percentile(double percent)
    {
        long wanted = (long)Math.Ceiling(Total * percent / 100);
        long seen = 0;
        for (int i = 0; i < _counts.Length && wanted > 0; i++)
        {
            seen += _counts[i];
            if (seen >= wanted)
                return Middle(i);
        }

        return double.NaN;
    }

    /// <summary>Returns how many values lie between two bounds in milliseconds.</summary>
    public long Between(double from, double to)
    {
        long count = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            double middle = Middle(i);
            if (middle >= from && middle < to)
                count += _counts[i];
        }

        return count;
    }

    private static double Middle(int bucket) => Smallest * Math.Exp((bucket + 0.5) * Step);
}

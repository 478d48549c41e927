namespace Mlops.Benchmarks.Harness;

/// <summary>The middle, the least and the most of what the rounds measured.</summary>
internal sealed record Spread(double Median, double Min, double Max)
{
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new Spread(Percentile(sorted, 50), sorted[0], sorted[^1]);
    }

    /// <summary>Returns a percentile of values in rising order: the least value that so many percent do not exceed; the mean of both middles for 50.</summary>
    public static double Percentile(ReadOnlySpan<double> sorted, double percent)
    {
        if (percent == 50 && sorted.Length % 2 == 0)
            return (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
        return sorted[Math.Clamp((int)Math.Ceiling(sorted.Length * percent / 100) - 1, 0, sorted.Length - 1)];
    }
}

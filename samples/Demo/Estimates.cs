using System.Globalization;

namespace Demo;

/// <summary>Sums up estimates of a quantity.</summary>
internal sealed class Estimates
{
    private long _count;
    private double _errors;
    private double _squares;
    private double _mean;
    private double _spread;

    /// <summary>Gets the part of the quantity's variance that the estimates explain.</summary>
    public double R2 => _spread > 0 ? 1 - (_squares / _spread) : double.NaN;

    /// <summary>Gets the mean absolute error.</summary>
    public double Mae => _count > 0 ? _errors / _count : double.NaN;

    public void Add(string truth, string estimate)
    {
        double wanted = double.Parse(truth, CultureInfo.InvariantCulture), error = double.Parse(estimate, CultureInfo.InvariantCulture) - wanted;
        _errors += Math.Abs(error);
        _squares += error * error;

        // Welford's way: large numbers keep their digits.
        double before = wanted - _mean;
        _mean += before / ++_count;
        _spread += before * (wanted - _mean);
    }
}

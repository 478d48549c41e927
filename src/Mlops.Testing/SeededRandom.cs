namespace Mlops.Testing;

/// <summary>Draws the same numbers for the same seed on every platform and .NET version (SplitMix64).</summary>
/// <remarks>Algorithm: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.</remarks>
internal sealed class SeededRandom(long seed)
{
    private ulong _state = unchecked((ulong)seed * 0xD1342543DE82EF95UL + 0x2545F4914F6CDD1DUL);

    /// <summary>Draws evenly from [0, 1).</summary>
    public double Uniform()
    {
        _state += 0x9E3779B97F4A7C15UL;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>Draws from a normal distribution cut off at 2.3 deviations: a gauge has no endless tails.</summary>
    public double Normal(double mean, double deviation)
    {
        while (true)
        {
            var radius = Math.Sqrt(-2 * Math.Log(1 - Uniform()));
            var z = radius * Math.Cos(2 * Math.PI * Uniform());
            if (Math.Abs(z) < 2.3)
                return mean + (deviation * z);
        }
    }

    /// <summary>Draws a whole number evenly from 0 to below the limit.</summary>
    public int Below(int limit) => (int)(Uniform() * limit);
}

namespace Mlops.Prediction.Candidates;

/// <summary>Chooses the records of a canary by their positions alone, so that a repeat after a crash chooses the same ones.</summary>
internal static class CanaryShare
{
    private const double Unit = 1.0 / (1L << 53);

    /// <summary>Tells whether a record is chosen.</summary>
    /// <remarks>The finalizer of SplitMix64 spreads consecutive positions evenly.</remarks>
    public static bool Takes(long position, double share)
    {
        ulong z = unchecked((ulong)position + 0x9E3779B97F4A7C15UL);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return ((z ^ (z >> 31)) >> 11) * Unit < share;
    }
}

namespace Mlops.Store.Selection;

/// <summary>Chance that is the same on every machine: a seed and a number, a record's position mostly, give a number that looks random.</summary>
/// <remarks>The finalizer of SplitMix64 (Steele, Lea, Flood 2014), which gives different numbers for different positions.</remarks>
internal static class SeededChance
{
    private const ulong Step = 0x9E37_79B9_7F4A_7C15;

    public static ulong Of(long seed, long number) => Mix(unchecked((ulong)number + Mix((ulong)seed + Step)));

    /// <summary>Returns a number from 0 to below 1.</summary>
    public static double Fraction(long seed, long number) => (Of(seed, number) >> 11) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
            z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
            return z ^ (z >> 31);
        }
    }
}

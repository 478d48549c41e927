namespace Mlops.Ingest.PlainJson;

/// <summary>
/// Reads times given as numbers since 1970. The unit follows from the size, which is unambiguous from 1973 to 5138: below 10¹¹ they
/// are seconds, below 10¹⁴ milliseconds, below 10¹⁷ microseconds, else nanoseconds.
/// </summary>
internal static class EpochNumber
{
    private const double Seconds = 1e11;
    private const double Milliseconds = 1e14;
    private const double Microseconds = 1e17;

    public static bool TryRead(long number, out long nanoseconds)
    {
        long factor = Factor(number);
        nanoseconds = unchecked(number * factor);
        return number >= long.MinValue / factor && number <= long.MaxValue / factor;
    }

    public static bool TryRead(double number, out long nanoseconds)
    {
        double value = number * Factor(number);
        nanoseconds = double.IsFinite(value) && Math.Abs(value) < long.MaxValue ? (long)value : 0;
        return double.IsFinite(value) && Math.Abs(value) < long.MaxValue;
    }

    private static long Factor(double number) => Math.Abs(number) switch
    {
        < Seconds => 1_000_000_000,
        < Milliseconds => 1_000_000,
        < Microseconds => 1_000,
        _ => 1,
    };
}

using Mlops.Ingest.Mapping;

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

    /// <summary>Reads a number of a given unit.</summary>
    public static bool TryRead(double number, TimestampFormat format, out long nanoseconds)
    {
        double value = number * Factor(format);
        bool fits = Math.Abs(value) < long.MaxValue;
        nanoseconds = fits ? (long)value : 0;
        return fits;
    }

    /// <inheritdoc cref="TryRead(double, TimestampFormat, out long)"/>
    public static bool TryRead(long number, TimestampFormat format, out long nanoseconds)
    {
        long factor = Factor(format);
        nanoseconds = unchecked(number * factor);
        return number >= long.MinValue / factor && number <= long.MaxValue / factor;
    }

    /// <summary>Returns the unit that a number's size speaks for.</summary>
    public static TimestampFormat FormatOf(double number) => Math.Abs(number) switch
    {
        < Seconds => TimestampFormat.Seconds,
        < Milliseconds => TimestampFormat.Milliseconds,
        < Microseconds => TimestampFormat.Microseconds,
        _ => TimestampFormat.Nanoseconds,
    };

    private static long Factor(TimestampFormat format) => format switch
    {
        TimestampFormat.Seconds => 1_000_000_000,
        TimestampFormat.Milliseconds => 1_000_000,
        TimestampFormat.Microseconds => 1_000,
        _ => 1,
    };

    private static long Factor(double number) => Factor(FormatOf(number));
}

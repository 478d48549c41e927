namespace Mlops.Data;

/// <summary>Converts between .NET time and nanoseconds since 1970-01-01 UTC, the time of every record.</summary>
public static class EpochTime
{
    private const long NanosecondsPerTick = 100;

    /// <summary>Converts to nanoseconds since 1970-01-01 UTC.</summary>
    /// <param name="time">An instant.</param>
    /// <returns>Nanoseconds; instants before 1678 or after 2261 are clamped to the 64-bit range.</returns>
    public static long FromDateTimeOffset(DateTimeOffset time)
    {
        long ticks = time.UtcTicks - DateTime.UnixEpoch.Ticks;
        return ticks > long.MaxValue / NanosecondsPerTick ? long.MaxValue
            : ticks < long.MinValue / NanosecondsPerTick ? long.MinValue
            : ticks * NanosecondsPerTick;
    }

    /// <summary>Converts from nanoseconds since 1970-01-01 UTC; digits below 100 ns are cut.</summary>
    /// <param name="nanoseconds">Nanoseconds.</param>
    /// <returns>The instant, offset zero.</returns>
    public static DateTimeOffset ToDateTimeOffset(long nanoseconds) =>
        new(DateTime.UnixEpoch.Ticks + (nanoseconds / NanosecondsPerTick), TimeSpan.Zero);
}

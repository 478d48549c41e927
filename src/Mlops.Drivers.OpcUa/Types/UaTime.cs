using System.Globalization;

namespace Mlops.Drivers.OpcUa.Types;

/// <summary>An instant as OPC UA writes it: 100 ns since 1601-01-01 UTC; 0 is none (OPC 10000-6, 5.2.2.5).</summary>
/// <param name="Ticks">The number on the wire.</param>
public readonly record struct UaTime(long Ticks)
{
    private const long UnixEpoch = 116_444_736_000_000_000;
    private const long DotNetEpoch = 504_911_232_000_000_000;

    // The furthest instants that nanoseconds of 64 bits since 1970 can tell: 1677 and 2262.
    private const long First = UnixEpoch + (long.MinValue / 100);
    private const long Last = UnixEpoch + (long.MaxValue / 100);

    /// <summary>Gets a value indicating whether there is no time.</summary>
    public bool IsNone => Ticks <= 0;

    /// <summary>Converts a time.</summary>
    /// <param name="time">The time.</param>
    /// <returns>The same instant.</returns>
    public static UaTime From(DateTimeOffset time) => new(Math.Max(time.UtcTicks - DotNetEpoch, 0));

    /// <summary>Converts nanoseconds since 1970.</summary>
    /// <param name="nanoseconds">The nanoseconds.</param>
    /// <returns>The same instant, cut to 100 ns.</returns>
    public static UaTime FromNanoseconds(long nanoseconds) => new((nanoseconds / 100) + UnixEpoch);

    /// <summary>Returns nanoseconds since 1970; times that 64 bits cannot tell become the nearest that they can.</summary>
    /// <returns>The nanoseconds.</returns>
    public long ToNanoseconds() => (Math.Clamp(Ticks, First, Last) - UnixEpoch) * 100;

    /// <summary>Returns the time; what .NET cannot tell becomes its last instant.</summary>
    /// <returns>The time.</returns>
    public DateTimeOffset ToDateTimeOffset() => new(Math.Clamp(Ticks, -DotNetEpoch, DateTime.MaxValue.Ticks - DotNetEpoch) + DotNetEpoch, TimeSpan.Zero);

    /// <inheritdoc/>
    public override string ToString() => IsNone ? "" : ToDateTimeOffset().ToString("O", CultureInfo.InvariantCulture);
}

namespace Mlops.Runtime;

/// <summary>Keeps time spans within what timers take.</summary>
internal static class Timers
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(49);

    public static TimeSpan Clamp(TimeSpan span) => span > s_longest ? s_longest : span;
}

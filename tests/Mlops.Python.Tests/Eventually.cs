using System.Diagnostics;

namespace Mlops.Python.Tests;

internal static class Eventually
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);

    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        var since = Stopwatch.GetTimestamp();
        while (!condition())
        {
            (Stopwatch.GetElapsedTime(since) < s_deadline).ShouldBeTrue($"Waited {s_deadline.TotalSeconds} s in vain: {what}");
            await Task.Delay(5);
        }
    }
}

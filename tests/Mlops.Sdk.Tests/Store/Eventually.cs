using System.Diagnostics;

namespace Mlops.Tests.Store;

/// <summary>Waits for a condition, with a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static async Task IsTrueAsync(Func<bool> condition, string what)
    {
        for (long started = Stopwatch.GetTimestamp(); !condition(); await Task.Delay(5))
            Stopwatch.GetElapsedTime(started).ShouldBeLessThan(Deadline, what);
    }

    public static async Task<T> Within<T>(this Task<T> task) => await task.WaitAsync(Deadline);

    public static async Task Within(this Task task) => await task.WaitAsync(Deadline);
}

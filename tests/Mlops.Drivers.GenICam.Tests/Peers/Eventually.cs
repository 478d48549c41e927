using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Mlops.Drivers.GenICam.Tests.Peers;

/// <summary>Waits for a condition with a generous deadline: the machine may be busy.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    public static async Task True(Func<bool> condition, Func<string>? state = null, [CallerArgumentExpression(nameof(condition))] string? what = null)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > Deadline)
                throw new ShouldAssertException($"Within {Deadline.TotalSeconds} s this did not become true: {what}. {state?.Invoke()}");
            await Task.Delay(20);
        }
    }

    public static Task<T> Within<T>(Task<T> task) => task.WaitAsync(Deadline);

    public static Task Within(Task task) => task.WaitAsync(Deadline);
}

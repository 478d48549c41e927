using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Mlops.Mqtt.Tests.Peers;

/// <summary>Waits for a condition with a generous deadline: a machine that is ten times slower and busy has to meet it too.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    public static async Task True(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string? what = null)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > Deadline)
                throw new ShouldAssertException($"Within {Deadline.TotalSeconds} s this did not become true: {what}");
            await Task.Delay(10);
        }
    }

    public static Task<T> Within<T>(Task<T> task) => task.WaitAsync(Deadline);

    public static Task Within(Task task) => task.WaitAsync(Deadline);
}

using System.Diagnostics;
using System.Runtime.CompilerServices;
using Mlops.Drivers.GenICam.Cameras;

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

    /// <summary>Opens a camera, again and again as the driver does: one that has little of the processor answers late.</summary>
    public static ICamera Opened(ICameraProvider provider, string camera)
    {
        for (var watch = Stopwatch.StartNew(); ;)
        {
            try
            {
                return provider.Open(camera);
            }
            catch (CameraException error) when (!error.IsWrongSetting && watch.Elapsed < Deadline)
            {
                Thread.Sleep(20);
            }
        }
    }

    public static Task<T> Within<T>(Task<T> task) => task.WaitAsync(Deadline);

    public static Task Within(Task task) => task.WaitAsync(Deadline);
}

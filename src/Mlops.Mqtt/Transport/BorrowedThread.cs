using System.Runtime.CompilerServices;

namespace Mlops.Mqtt.Transport;

/// <summary>Leaves threads that have others to serve.</summary>
internal static class BorrowedThread
{
    /// <summary>
    /// Moves to the thread pool from the thread of a read loop that runs write loops (<see cref="DeferredWrites"/>), and from a thread
    /// of the sockets themselves, on which the runtime runs us when the host has set DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS.
    /// </summary>
    public static ConfiguredTaskAwaitable LeaveAsync() => Task.CompletedTask.ConfigureAwait(
        DeferredWrites.IsRunning || !Thread.CurrentThread.IsThreadPoolThread ? ConfigureAwaitOptions.ForceYielding : ConfigureAwaitOptions.None);
}

using System.Runtime.InteropServices;

namespace Mlops.Runtime.Workers;

/// <summary>Ends a worker together with the processes that its code has started.</summary>
internal static partial class ProcessGroup
{
    private const int KillSignal = 9;

    /// <summary>Kills the group that the process leads, and the process itself in case that it does not lead one yet.</summary>
    /// <param name="process">The process.</param>
    /// <param name="entireTree">Whether to look for processes of it that have left the group, which takes a look at all that run on the machine.</param>
    public static void Kill(System.Diagnostics.Process process, bool entireTree)
    {
        try
        {
            if (!OperatingSystem.IsWindows())
                _ = Send(-process.Id, KillSignal);
            process.Kill(entireTree);
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has ended by itself in the meantime.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);
}

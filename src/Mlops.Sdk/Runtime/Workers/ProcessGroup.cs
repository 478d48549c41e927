using System.Runtime.InteropServices;

namespace Mlops.Runtime.Workers;

/// <summary>Ends a worker together with the processes that its code has started.</summary>
internal static partial class ProcessGroup
{
    private const int KillSignal = 9;

    /// <summary>Kills the group that the process leads, and the process itself in case that it does not lead one yet.</summary>
    public static void Kill(System.Diagnostics.Process process)
    {
        try
        {
            if (!OperatingSystem.IsWindows())
                _ = Send(-process.Id, KillSignal);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has ended by itself in the meantime.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);
}

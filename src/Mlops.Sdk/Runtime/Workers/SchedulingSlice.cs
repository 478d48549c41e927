using System.Runtime.InteropServices;

namespace Mlops.Runtime.Workers;

/// <summary>
/// How long a thread wants to compute at a time. Linux (6.12 and later) lets who wakes up and asks for less come before who computes and asks for more,
/// whatever their shares; otherwise it may have to wait for the end of a tick. Older systems take no notice. Needs no privilege.
/// </summary>
internal static partial class SchedulingSlice
{
    /// <summary>That of code which comes after others: the longest that the system takes.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromMilliseconds(100);

    // sched_setattr(2) has no wrapper in the C libraries that we know.
    private static readonly nint s_number = RuntimeInformation.ProcessArchitecture switch { Architecture.X64 => 314, Architecture.Arm64 => 274, _ => 0 };

    /// <summary>Sets it for a thread; what the thread starts later has it, too.</summary>
    /// <param name="thread">The thread's number.</param>
    /// <param name="slice">How long; zero for what the system takes by itself.</param>
    public static void TrySet(int thread, TimeSpan slice)
    {
        if (s_number == 0 || !OperatingSystem.IsLinux())
            return;

        // The call sets all that the policy knows, hence what is there is given again. -1 may be an error or a nice value: no worker has that one.
        int nice = GetPriority(0, thread);
        if (nice == -1)
            return;
        var attributes = new Attributes { Size = (uint)Marshal.SizeOf<Attributes>(), Nice = nice, Runtime = (ulong)slice.TotalNanoseconds };
        _ = SetAttributes(s_number, thread, ref attributes, 0);
    }

    [LibraryImport("libc", EntryPoint = "getpriority")]
    private static partial int GetPriority(int which, int who);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SetAttributes(nint number, nint thread, ref Attributes attributes, nuint flags);

    // struct sched_attr, first version; policy 0 is that of usual threads.
    [StructLayout(LayoutKind.Sequential)]
    private struct Attributes
    {
        public uint Size;
        public uint Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;
        public ulong Runtime;
        public ulong Deadline;
        public ulong Period;
    }
}

using System.Diagnostics;

namespace Mlops.Runtime.Workers;

/// <summary>Says in words how a process ended.</summary>
internal static class ExitDescription
{
    private const int SignalBase = 128;

    public static string Of(Process process)
    {
        if (!process.HasExited)
            return "has closed its connection";
        int code = process.ExitCode;
        return !OperatingSystem.IsWindows() && code is > SignalBase and < SignalBase + 65
            ? $"was ended by signal {code - SignalBase}{Name(code - SignalBase)}"
            : $"ended itself with exit code {code}";
    }

    private static string Name(int signal) => signal switch
    {
        4 => " (SIGILL: native code that this processor cannot run)",
        6 => " (SIGABRT: native code gave up)",
        7 => " (SIGBUS: a mapped file or the memory ran out)",
        8 => " (SIGFPE)",
        9 => " (SIGKILL: often the system, for want of memory)",
        11 => " (SIGSEGV: a fault in native code)",
        15 => " (SIGTERM)",
        _ => "",
    };
}

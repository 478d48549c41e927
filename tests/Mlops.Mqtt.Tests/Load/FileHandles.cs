using System.Globalization;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Load;

/// <summary>How many files and sockets this process, and those it starts, may have open.</summary>
internal static class FileHandles
{
    /// <summary>Raises the limit where the user may.</summary>
    public static async Task AllowAsync(int count)
    {
        if (Limit >= count)
            return;
        await Child.RunAsync("prlimit", "--pid", $"{Environment.ProcessId}", $"--nofile={count}:{count}");
        Limit.ShouldBeGreaterThanOrEqualTo(count, "this user may not open so many files: raise the hard limit (ulimit -Hn)");
    }

    private static long Limit
    {
        get
        {
            string line = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal));
            string soft = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
            return soft == "unlimited" ? long.MaxValue : long.Parse(soft, CultureInfo.InvariantCulture);
        }
    }
}

using Mlops.Drivers.GenICam.Tests.Pictures;

namespace Mlops.Drivers.GenICam.Tests;

/// <summary>What this assembly does when a test starts it as a process.</summary>
internal static class ChildProgram
{
    public static async Task<int> Main(string[] args)
    {
        if (args is not [FullDisk.Verb, string folder])
            return 2;
        await FullDisk.RunAsync(folder);
        return 0;
    }
}

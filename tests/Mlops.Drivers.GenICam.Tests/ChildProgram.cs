using Mlops.Drivers.GenICam.Tests.Aravis;
using Mlops.Drivers.GenICam.Tests.Pictures;

namespace Mlops.Drivers.GenICam.Tests;

/// <summary>What this assembly does when a test starts it as a process.</summary>
internal static class ChildProgram
{
    public static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case [FullDisk.Verb, string folder]:
                await FullDisk.RunAsync(folder);
                return 0;
            case [WithoutLibraries.Verb]:
                await WithoutLibraries.RunAsync();
                return 0;
            default:
                return 2;
        }
    }
}

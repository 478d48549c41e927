using Mlops.Tests.Store;

namespace Mlops.Tests;

/// <summary>What this assembly does when a test starts it as a process of its own, to kill it.</summary>
internal static class ChildProgram
{
    public static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case [CrashWriter.Verb, string folder, string backups]:
                await CrashWriter.RunAsync(folder, backups);
                return 0;
            case [FullDisk.Verb, string folder]:
                await FullDisk.RunAsync(folder);
                return 0;
            default:
                await Console.Error.WriteLineAsync("This assembly holds tests; run them with dotnet test.");
                return 2;
        }
    }
}

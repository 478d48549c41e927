using Mlops.Scenarios.Tests.Nodes;

namespace Mlops.Scenarios.Tests;

/// <summary>What this assembly does when a test starts it as a process of its own.</summary>
internal static class ChildProgram
{
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is [NodeChild.Verb, string folder, .. string[] settings])
        {
            await NodeChild.RunAsync(folder, settings);
            return 0;
        }

        await Console.Error.WriteLineAsync("This assembly holds tests; run them with dotnet test.");
        return 2;
    }
}

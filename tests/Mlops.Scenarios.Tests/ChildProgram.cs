using System.Globalization;
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

        if (arguments is [WorkflowChild.Verb, string data, string package, .. string[] options])
        {
            await WorkflowChild.RunAsync(data, package, options);
            return 0;
        }

        if (arguments is [SwapChild.Verb, string node, string first, string second, string swaps, string records])
        {
            await SwapChild.RunAsync(node, first, second, int.Parse(swaps, CultureInfo.InvariantCulture), int.Parse(records, CultureInfo.InvariantCulture));
            return 0;
        }

        if (arguments is [PredictingChild.Verb, string kept, string broker, string feed, string workflow])
        {
            await PredictingChild.RunAsync(kept, broker, feed, workflow);
            return 0;
        }

        await Console.Error.WriteLineAsync("This assembly holds tests; run them with dotnet test.");
        return 2;
    }
}

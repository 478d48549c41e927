using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Mlops.Scenarios.Tests.Nodes;

namespace Mlops.Scenarios.Tests;

/// <summary>Two trusted packages with equal module names and different versions of one library, in one process, swapped under load.</summary>
public sealed class SwapTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(Repository.Count(5, 60));
    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-swaps-").FullName;

    [Fact]
    public async Task Swap_SameNamesOtherLibrary_EveryAnswerIsRightAndMemoryStaysFlat()
    {
        int swaps = Repository.Count(20, 200);
        int recordsPerSwap = Repository.Count(200, 5_000);
        string[] arguments =
        [
            "exec", Assembly.GetExecutingAssembly().Location, SwapChild.Verb, Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName,
            Package("one", "1.0.0"), Package("two", "2.0.0"), swaps.ToString(CultureInfo.InvariantCulture), recordsPerSwap.ToString(CultureInfo.InvariantCulture),
        ];
        await using RunningProcess node = RunningProcess.Start("dotnet", arguments);

        double half = await MemoryAfterAsync(node, swaps / 2);
        double whole = await MemoryAfterAsync(node, swaps);

        Match end = await node.WaitForAsync(@"(?m)^records (\d+) answered (\d+) repeated (\d+) wrong (\d+)$", s_patience);
        int[] counts = [.. end.Groups.Values.Skip(1).Select(count => int.Parse(count.Value, CultureInfo.InvariantCulture))];
        counts[0].ShouldBeGreaterThanOrEqualTo(swaps * recordsPerSwap);
        counts[1..].ShouldBe([counts[0], 0, 0]);

        // A few thousand records are no measure: code is still compiled and windows of statistics fill. A package that stays adds megabytes at each swap.
        (whole - half).ShouldBeLessThan(Repository.Count(60, 20), $"{half:0.0} MiB after {swaps / 2} swaps, {whole:0.0} MiB after {swaps}");
        (await node.WaitAsync(s_patience)).ShouldBe(0, node.Output);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Package(string who, string version)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "package-" + who)).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "libs", "vendored"));
        File.WriteAllText(Path.Combine(folder, "workflow.yaml"), $"""
            name: swapped
            version: {version}
            description: Says which version of its library answers.
            runtime: python
            inputs:
              - name: x
                type: number
            output:
              fields:
                - name: who
                  type: text
            """);
        File.WriteAllText(Path.Combine(folder, "workflow.py"), """
            from dataclasses import dataclass
            from vendored.core import WHO, late
            import helper

            @dataclass
            class Model:
                who: str

            def train(data, params, run):
                return Model(WHO)

            def predict(model, batch):
                return {"who": [helper.say(WHO, late(), model.who)] * batch.rows}
            """);
        File.WriteAllText(Path.Combine(folder, "helper.py"), "def say(*words):\n    return ' '.join(words)\n");
        File.WriteAllText(Path.Combine(folder, "libs", "vendored", "__init__.py"), "");
        File.WriteAllText(Path.Combine(folder, "libs", "vendored", "core.py"), $"WHO = '{who}'\nHELD = bytearray(2 << 20)\n\ndef late():\n    from vendored.deep import NAME\n    return NAME\n");
        File.WriteAllText(Path.Combine(folder, "libs", "vendored", "deep.py"), $"NAME = 'deep-{who}'\n");
        return folder;
    }

    private static async Task<double> MemoryAfterAsync(RunningProcess node, int swap)
    {
        Match said = await node.WaitForAsync($@"(?m)^swapped {swap.ToString(CultureInfo.InvariantCulture)} with ([\d.]+) MiB$", s_patience);
        return double.Parse(said.Groups[1].Value, CultureInfo.InvariantCulture);
    }
}

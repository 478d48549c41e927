using System.Globalization;
using System.Text.RegularExpressions;

namespace Mlops.Scenarios.Tests;

/// <summary>Memory over a long run.</summary>
public sealed class MemoryTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    [Fact]
    public async Task Demo_ManyRecords_MemoryStaysFlat()
    {
        using var folder = new DemoFolder();
        int from = Repository.Count(6_000, 20_000);
        int to = Repository.Count(14_000, 200_000);
        await using RunningProcess demo = folder.Start("--data", Path.Combine(folder.Folder, "data"));
        await demo.WaitForAsync("answers onnx", Patience);
        double before = await MeasureAtAsync(demo, from);

        double after = await MeasureAtAsync(demo, to);

        // The reduced counts lie where windows of statistics still fill and code is still compiled: they find leaks by the record only.
        (after - before).ShouldBeLessThan(Repository.Count(25, 5), $"{before:0.0} MiB at {from} records, {after:0.0} MiB at {to}");
        after.ShouldBeLessThan(350);
    }

    // The median of several readings: garbage between two collections comes and goes, over some 20 s by up to 15 MiB.
    private static async Task<double> MeasureAtAsync(RunningProcess demo, int compared)
    {
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while (LastCount(demo.Output) < compared)
        {
            if (demo.HasExited || waited.Elapsed > Patience)
                throw new InvalidOperationException(demo.Output);
            await Task.Delay(200);
        }

        var readings = new List<double>();
        for (int i = 0; i < Repository.Count(15, 150); i++)
        {
            string line = File.ReadLines($"/proc/{demo.Id}/status").First(l => l.StartsWith("VmRSS", StringComparison.Ordinal));
            readings.Add(double.Parse(Regex.Match(line, @"\d+").Value, CultureInfo.InvariantCulture) / 1024);
            await Task.Delay(200);
        }

        readings.Sort();
        return readings[readings.Count / 2];
    }

    private static int LastCount(string output) =>
        Regex.Matches(output, @"accuracy.* of (\d+)") is { Count: > 0 } counts ? int.Parse(counts[^1].Groups[1].Value, CultureInfo.InvariantCulture) : 0;
}

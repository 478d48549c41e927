using System.Text.Json;

namespace Mlops.Scenarios.Tests;

/// <summary>The main job on the virtual solder paste inspection.</summary>
public sealed class DemoTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task Once_AnySeed_ReachesTheBestPossibleAccuracyInLittleMemory(int seed)
    {
        using var folder = new DemoFolder();

        (int exitCode, string output) = await folder.RunAsync("--once", "--seed", seed.ToString(System.Globalization.CultureInfo.InvariantCulture));

        exitCode.ShouldBe(0, output);
        JsonElement report = folder.Report;
        double best = report.GetProperty("bestAccuracy").GetDouble();
        best.ShouldBeInRange(0.88, 0.97);
        Math.Abs(report.GetProperty("accuracy").GetDouble() - best).ShouldBeLessThanOrEqualTo(0.02, output);
        report.GetProperty("predictions").GetInt64().ShouldBeGreaterThanOrEqualTo(1000);
        report.GetProperty("records").GetInt64().ShouldBe(5000);
        report.GetProperty("peakMemoryMiB").GetDouble().ShouldBeInRange(50, 350);
        report.GetProperty("trainingSeconds").GetDouble().ShouldBeGreaterThan(0);
        report.GetProperty("energyMethod").GetString().ShouldBeOneOf("rapl", "tdp-load", "constant");
        report.GetProperty("energyWh").GetDouble().ShouldBeGreaterThan(0);
        JsonElement times = report.GetProperty("predictionMs");
        times.GetProperty("totalP99").GetDouble().ShouldBeGreaterThanOrEqualTo(times.GetProperty("totalP50").GetDouble());
        times.GetProperty("ingestP50").GetDouble().ShouldBeGreaterThan(0);
        times.GetProperty("computeP50").GetDouble().ShouldBeGreaterThan(0);
        folder.Html.Split("<svg").Length.ShouldBe(4, "three plots");
        folder.Html.ShouldNotContain("http://");
        folder.Html.ShouldNotContain("https://");
    }

    [Fact]
    public async Task Once_ReadOnlyDataFolder_SaysWhichAndWhatHelps()
    {
        using var folder = new DemoFolder();
        string file = folder.Write("not-a-folder", "x");

        (int exitCode, string output) = await folder.RunAsync("--once", "--data", Path.Combine(file, "data"));

        exitCode.ShouldBe(1);
        output.ShouldContain(file);
        output.ShouldContain("Mlops:DataFolder");
        output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Once_NoUsablePython_ListsWhatWasTriedAndWhatHelps()
    {
        using var folder = new DemoFolder();
        string python = Path.Combine(folder.Folder, "no-such-python");

        (int exitCode, string output) = await folder.RunAsync(new Dictionary<string, string> { ["Mlops__Python__Executable"] = python }, "--once");

        exitCode.ShouldBe(1);
        output.ShouldContain(python);
        output.ShouldContain("MLOPS_PYTHON");
        output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Once_NoBrokerThere_SaysWhichAddress()
    {
        using var folder = new DemoFolder();

        (int exitCode, string output) = await folder.RunAsync("--once", "--broker", "127.0.0.1:9");

        exitCode.ShouldNotBe(0);
        output.ShouldContain("127.0.0.1");
        output.ShouldNotContain("   at ");
    }
}

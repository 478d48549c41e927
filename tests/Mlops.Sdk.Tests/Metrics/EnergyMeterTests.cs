using System.Globalization;
using Mlops.Metrics;

namespace Mlops.Tests.Metrics;

public sealed class EnergyMeterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-rapl").FullName;

    [Fact]
    public void Measure_RaplCounterWrapped_AddsTheRange()
    {
        Domain("intel-rapl:0", "package-0", 900);
        var meter = new EnergyMeter(null, _folder);
        Domain("intel-rapl:0", "package-0", 100);

        double wattHours = meter.Measure(1, 0);

        meter.Method.ShouldBe("rapl");
        wattHours.ShouldBe(200 * 1e-6 / 3600, 1e-15);
    }

    [Fact]
    public void Measure_SamePackageTwice_CountsOnce()
    {
        Domain("intel-rapl:0", "package-0", 0);
        Domain("intel-rapl-mmio:0", "package-0", 0);
        Domain("intel-rapl:0:0", "core", 0);
        var meter = new EnergyMeter(null, _folder);
        Domain("intel-rapl:0", "package-0", 500);
        Domain("intel-rapl-mmio:0", "package-0", 500);
        Domain("intel-rapl:0:0", "core", 500);

        meter.Measure(1, 0).ShouldBe(500 * 1e-6 / 3600, 1e-15);
    }

    [Fact]
    public void Measure_KnownPower_FollowsProcessorTime()
    {
        var meter = new EnergyMeter(30, Path.Combine(_folder, "none"));

        meter.Method.ShouldBe("tdp-load");
        meter.Measure(3600, 3600 * Environment.ProcessorCount).ShouldBe(30, 1e-9);
        meter.Measure(3600, 0).ShouldBe(0);
    }

    [Fact]
    public void Measure_NothingKnown_IsConstant()
    {
        var meter = new EnergyMeter(null, Path.Combine(_folder, "none"));

        meter.Method.ShouldBe("constant");
        meter.Measure(3600, 0).ShouldBe(0.5 * 4 * Environment.ProcessorCount, 1e-9);
    }

    [Theory]
    [InlineData("Intel(R) Xeon(R) CPU E3-1505L v5 @ 2.00GHz", 25.0)]
    [InlineData("Intel(R) Xeon(R) Gold 6230 CPU @ 2.10GHz", 125.0)]
    [InlineData("AMD EPYC 7763 64-Core Processor", 280.0)]
    [InlineData("Some Other CPU", null)]
    public void Find_ProcessorName_IgnoresMarksAndClock(string name, double? watts) => ProcessorPower.Find(name).ShouldBe(watts);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Domain(string folder, string name, long microjoules)
    {
        string path = Directory.CreateDirectory(Path.Combine(_folder, folder)).FullName;
        File.WriteAllText(Path.Combine(path, "name"), name + "\n");
        File.WriteAllText(Path.Combine(path, "max_energy_range_uj"), "1000\n");
        File.WriteAllText(Path.Combine(path, "energy_uj"), microjoules.ToString(CultureInfo.InvariantCulture) + "\n");
    }
}

using System.Diagnostics;
using Microsoft.Extensions.Options;
using Mlops.Metrics;

namespace Mlops.Tests.Metrics;

public sealed class RunMeterTests
{
    [Fact]
    public void Snapshot_BusyLoop_UsesEnergyAndProcessor()
    {
        using var meter = new RunMeter(new EnergyMeter(10, "/none"), Options.Create(new MetricsOptions()), TimeProvider.System);
        using IRunMeasurement measurement = meter.Begin();
        var clock = Stopwatch.StartNew();
        double x = 0;
        while (clock.Elapsed < TimeSpan.FromSeconds(1.5))
            x += Math.Sqrt(clock.ElapsedTicks);

        RunMeasurements result = measurement.Snapshot(new Dictionary<string, double> { ["loop"] = 1.5 });

        x.ShouldBeGreaterThan(0);
        result.EnergyWh.ShouldBeGreaterThan(0);
        result.EnergyMethod.ShouldBe("tdp-load");
        result.PeakCpuPercent.ShouldBeGreaterThan(10);
        result.Phases["loop"].ShouldBe(1.5);
    }
}

using System.Diagnostics;
using Microsoft.Extensions.Options;
using Mlops.Metrics;

namespace Mlops.Tests.Metrics;

public sealed class RunMeterTests
{
    [Fact]
    public void Snapshot_ChildProcessHoldsMemory_CountsIt()
    {
        using var meter = new RunMeter(new EnergyMeter(10, "/none"), Options.Create(new MetricsOptions()), TimeProvider.System);
        using IRunMeasurement before = meter.Begin();
        double alone = before.Snapshot().PeakMemoryMiB;
        using Process child = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", "x=bytearray(80<<20)\nimport sys\nprint('ready',flush=True)\nsys.stdin.read()"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        child.StandardOutput.ReadLine().ShouldBe("ready");

        using var fresh = new RunMeter(new EnergyMeter(10, "/none"), Options.Create(new MetricsOptions()), TimeProvider.System);
        using IRunMeasurement with = fresh.Begin();
        double together = with.Snapshot().PeakMemoryMiB;
        child.StandardInput.Close();
        child.WaitForExit();

        (together - alone).ShouldBeGreaterThan(75);
    }

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

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Mlops.Drivers.OpcUa.Driver;
using Mlops.Drivers.OpcUa.Tests.Peers;

namespace Mlops.Drivers.OpcUa.Tests.Driver;

/// <summary>The simulator of the sample host, read with the settings of the sample host.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task Run_SampleSettings_ReadThePressAndMaintainIt()
    {
        using var folder = new TemporaryFolder();
        int port = FreePort();
        var start = new ProcessStartInfo("node", [Path.Combine(Sample, "simulator", "press.cjs"), $"{port}", folder.Path]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NODE_PATH"] = Path.GetFullPath(Path.Combine(Sample, "..", "..", "tests", "peers", "node_modules"));
        using Process simulator = Process.Start(start)!;
        try
        {
            while (await Eventually.Within(simulator.StandardOutput.ReadLineAsync()) is { } line && !line.Contains("listens at", StringComparison.Ordinal))
            {
                // It also tells of its certificates.
            }

            OpcUaSettings settings = new ConfigurationBuilder().AddJsonFile(Path.Combine(Sample, "appsettings.json")).Build().GetSection("Mlops:Assets:press:settings").Get<OpcUaSettings>()!;
            settings.Endpoint = settings.Endpoint.Replace("4840", $"{port}", StringComparison.Ordinal);
            await using RunningDriver driver = RunningDriver.Start(settings);

            await driver.UntilAsync(sink => sink.Records.Any(r => r.Group == "strokes" && r.Values["Good"] is bool) && sink.Records.Count(r => r.Group == "values") > 3);

            driver.Sink.States[^1].State.ShouldBe(DriverState.Connected, driver.States);
            (await driver.Caller.CallAsync("nsu=urn:mlops:demo:press;s=Maintain", [], default)).ShouldBeEmpty();
            (await driver.Writer.WriteAsync([new AssetValue("nsu=urn:mlops:demo:press;s=Verdict", "fine")], default))[0].Error.ShouldBeNull();
        }
        finally
        {
            simulator.Kill();
            await simulator.WaitForExitAsync();
        }
    }

    private static string Sample { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "samples", "OpcUaHost"));

    private static string Here([CallerFilePath] string path = "") => path;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using Mlops.Drivers.OpcUa.Driver;
using Mlops.Drivers.OpcUa.Tests.Peers;

namespace Mlops.Drivers.OpcUa.Tests.Driver;

public sealed class ReadingTests
{
    [Fact]
    public async Task Run_SmallestSettings_MakesOneFeedWithAColumnANode()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 3, interval = 100 });
        await using RunningDriver driver = RunningDriver.Start(new OpcUaSettings { Endpoint = server.Endpoint, Nodes = ["ns=1;s=N0", "ns=1;s=N1", "ns=1;s=N2"] });

        await driver.UntilAsync(sink => sink.Records.Count >= 10);

        driver.Sink.Inner.Feeds.Keys.ShouldBe(["opcua.press.values"]);
        driver.Sink.Records.Last().Values.Keys.ShouldBe(["N0", "N1", "N2"]);
        double[] seen = [.. driver.Sink.Records.Select(r => (double)r.Values["N2"]!)];
        seen.ShouldBe(seen.Order());
        driver.Sink.States[^1].State.ShouldBe(DriverState.Connected);
        driver.Sink.Inner.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_ServerKilledAndStarted_GoesOn()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 3, interval = 50 });
        await using RunningDriver driver = RunningDriver.Start(new OpcUaSettings { Endpoint = server.Endpoint, Nodes = ["/Objects/1:Plant/**/N*"] });
        await driver.UntilAsync(sink => sink.Records.Count >= 3);
        for (int i = 0; i < 2; i++)
        {
            await server.KillAsync();
            await driver.UntilAsync(sink => sink.States[^1].State == DriverState.Faulted);
            int before = driver.Sink.Records.Count;
            await server.StartAgainAsync();
            await driver.UntilAsync(sink => sink.Records.Count > before + 3);
        }

        driver.Sink.Inner.Violations.ShouldBeEmpty();
    }
}

using System.Diagnostics;
using Mlops.Drivers.OpcUa.Driver;
using Mlops.Drivers.OpcUa.Tests.Peers;
using Xunit.Abstractions;

namespace Mlops.Drivers.OpcUa.Tests.Driver;

/// <summary>Whatever happens to server and network, values come again by themselves, none twice, and nothing piles up.</summary>
public sealed class RecoveryTests(ITestOutputHelper output)
{
    private static readonly bool Soak = Environment.GetEnvironmentVariable("MLOPS_SOAK") == "1";

    [Fact]
    public async Task Run_NetworkCutInTheMidstOfAMessage_LosesAndDoublesNothing()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 20, interval = 50 });
        await using var proxy = new TcpProxy(server.Port);
        await using RunningDriver driver = RunningDriver.Start(new OpcUaSettings
        {
            Endpoint = proxy.Endpoint,
            Groups =
            [
                new OpcUaGroupSettings { Name = "g", Nodes = [.. Enumerable.Range(0, 20).Select(i => $"ns=1;s=N{i}")], Records = OpcUaRecords.Change, Sampling = TimeSpan.Zero, Queue = 10_000, Hold = false },
            ],
        });
        await driver.UntilAsync(sink => sink.Records.Count >= 100);
        IReadOnlyList<ServerItem> before = await server.ItemsAsync();

        for (int i = 0; i < (Soak ? 50 : 5); i++)
        {
            proxy.CutAfter(100 + (137 * i % 900));
            await driver.UntilAsync(sink => sink.States.Count(s => s.State == DriverState.Faulted) > i);
            int now = driver.Sink.Records.Count;
            await driver.UntilAsync(sink => sink.Records.Count > now + 100);
        }

        // Each value is one more than the one before it: what was under way was sent again, what came meanwhile has waited in the server.
        double[] seen = [.. driver.Sink.Records.Select(r => r.Values["N7"]).OfType<double>().Select(Math.Floor)];
        seen.ShouldBe(Enumerable.Range(0, seen.Length).Select(i => seen[0] + i));
        (await server.ItemsAsync()).ShouldBe(before, ignoreOrder: true);
        driver.Sink.States.ShouldNotContain(s => s.State == DriverState.Degraded, driver.States);
    }

    [Fact]
    public async Task Run_ServerFrozen_GoesOnWhenItThaws()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 10, interval = 50 });
        await using RunningDriver driver = RunningDriver.Start(Settings(server.Endpoint, 10));
        await driver.UntilAsync(sink => sink.Records.Count >= 5);

        server.Signal("STOP");
        try
        {
            await driver.UntilAsync(sink => sink.States.Any(s => s.State == DriverState.Faulted));
            if (Soak)
                await Task.Delay(TimeSpan.FromMinutes(1));
        }
        finally
        {
            server.Signal("CONT");
        }

        int now = driver.Sink.Records.Count;
        await driver.UntilAsync(sink => sink.Records.Count > now + 5);
        (await server.ItemsAsync()).Select(i => i.Node).Distinct().Count().ShouldBe(10);
        await Eventually.True(() => server.ItemsAsync().GetAwaiter().GetResult().Count == 10);
    }

    [Fact]
    public async Task Run_ConnectionStandsButNothingComesThrough_ConnectsAnew()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 10, interval = 50 });
        await using var proxy = new TcpProxy(server.Port);
        await using RunningDriver driver = RunningDriver.Start(Settings(proxy.Endpoint, 10));
        await driver.UntilAsync(sink => sink.Records.Count >= 5);

        proxy.Silence();
        await driver.UntilAsync(sink => sink.States.Any(s => s.State == DriverState.Faulted));
        int now = driver.Sink.Records.Count;

        await driver.UntilAsync(sink => sink.Records.Count > now + 5);
        (await server.ItemsAsync()).Count.ShouldBe(10);
    }

    [Fact]
    public async Task Run_NamespacesInAnotherOrderAfterARestart_ReadsTheSameNodes()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 3, interval = 50, @namespace = "http://vendor.com/press/", namespacesBefore = Array.Empty<string>() });
        OpcUaSettings settings = Settings(server.Endpoint, 0);
        settings.Nodes = ["nsu=http://vendor.com/press/;s=N1"];
        await using RunningDriver driver = RunningDriver.Start(settings);
        await driver.UntilAsync(sink => sink.Records.Count >= 3);

        await server.KillAsync();
        await server.StartAgainAsync(new { namespacesBefore = new[] { "urn:one", "urn:two" } });

        int now = driver.Sink.Records.Count;
        await driver.UntilAsync(sink => sink.Records.Count > now + 3);
        driver.Sink.Records.Last().Values["N1"].ShouldBeOfType<double>();
        driver.Sink.States[^1].State.ShouldBe(DriverState.Connected, driver.States);
        driver.Sink.Inner.Feeds["opcua.press.values"].Fields.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Run_ServerKilledAgainAndAgainUnderLoad_HasEachItemOnce()
    {
        const int nodes = 300;
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes, interval = 50 });
        await using RunningDriver driver = RunningDriver.Start(Settings(server.Endpoint, nodes));
        await driver.UntilAsync(sink => sink.Records.Count >= 5);
        var backAfter = new List<TimeSpan>();
        var held = new List<long>();
        for (int i = 0; i < (Soak ? 50 : 4); i++)
        {
            await server.KillAsync();
            await driver.UntilAsync(sink => sink.States[^1].State != DriverState.Connected);
            driver.Sink.Records.Clear();
            held.Add(GC.GetTotalMemory(forceFullCollection: true));
            await server.StartAgainAsync();
            var watch = Stopwatch.StartNew();
            await driver.UntilAsync(sink => !sink.Records.IsEmpty);
            backAfter.Add(watch.Elapsed);
            await driver.UntilAsync(sink => sink.Records.Count > 5);
            (await server.ItemsAsync()).Select(item => item.Node).Order().ShouldBe(Enumerable.Range(0, nodes).Select(n => $"N{n}").Order());
        }

        output.WriteLine($"data again after {backAfter.Max().TotalSeconds:0.00} s at most, {backAfter.Order().ElementAt(backAfter.Count / 2).TotalSeconds:0.00} s as a rule; held {held[0] >> 10} kB, in the end {held[^1] >> 10} kB");
        driver.Sink.Inner.Violations.ShouldBeEmpty();
        if (!Soak)
            return;
        backAfter.Max().ShouldBeLessThan(TimeSpan.FromSeconds(3));
        held.Skip(40).Min().ShouldBeLessThan(held.Skip(5).Take(5).Max() + (5 << 20));
    }

    // Short patience: a server that does not answer is found out soon.
    private static OpcUaSettings Settings(string endpoint, int nodes) => new()
    {
        Endpoint = endpoint,
        Nodes = [.. Enumerable.Range(0, nodes).Select(i => $"ns=1;s=N{i}")],
        Timeout = TimeSpan.FromSeconds(3),
    };
}

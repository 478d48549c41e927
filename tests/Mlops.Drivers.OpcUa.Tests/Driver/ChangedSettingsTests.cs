using Mlops.Drivers.OpcUa.Driver;
using Mlops.Drivers.OpcUa.Tests.Peers;

namespace Mlops.Drivers.OpcUa.Tests.Driver;

/// <summary>Changed settings touch what has changed on the server, and nothing else.</summary>
public sealed class ChangedSettingsTests
{
    [Fact]
    public async Task TryReconfigure_NodesAddedAndRemoved_TheOthersKeepTheirItems()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 6, interval = 50 });
        await using RunningDriver driver = RunningDriver.Start(Settings(server, "N0", "N1", "N2"));
        await driver.UntilAsync(sink => sink.Records.Count >= 3);
        IReadOnlyList<ServerItem> before = await server.ItemsAsync();

        driver.TryReconfigure(Settings(server, "N2", "N0", "N4", "N5")).ShouldBeTrue();
        await driver.UntilAsync(sink => sink.Records.Last().Values.GetValueOrDefault("N5") is not null);

        IReadOnlyList<ServerItem> after = await server.ItemsAsync();
        after.Select(i => i.Node).Order().ShouldBe(["N0", "N2", "N4", "N5"]);
        after.Where(i => i.Node is "N0" or "N2").ShouldBe(before.Where(i => i.Node is "N0" or "N2"), ignoreOrder: true);
        driver.Sink.States.Count(s => s.State == DriverState.Connecting).ShouldBe(1, driver.States);
        driver.Sink.Inner.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task TryReconfigure_OtherNodesChange_NoValueOfTheStayingIsMissed()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 4, interval = 60 });
        OpcUaSettings With(params string[] others) => new()
        {
            Endpoint = server.Endpoint,
            Groups = [new OpcUaGroupSettings { Name = "fast", Nodes = ["ns=1;s=N0", .. others], Records = OpcUaRecords.Change, Sampling = TimeSpan.FromMilliseconds(50), Hold = false }],
        };
        await using RunningDriver driver = RunningDriver.Start(With());
        await driver.UntilAsync(sink => sink.Records.Count >= 3);

        for (int i = 0; i < 6; i++)
        {
            driver.TryReconfigure(i % 2 == 0 ? With("ns=1;s=N1", "ns=1;s=N2") : With("ns=1;s=N3")).ShouldBeTrue();
            int now = driver.Sink.Records.Count;
            string added = i % 2 == 0 ? "N2" : "N3";
            await driver.UntilAsync(sink => sink.Records.Skip(now).Any(r => r.Values.GetValueOrDefault(added) is not null));
        }

        // The server looks at its own pace: neighbours may differ by more than one, but no value comes twice or goes back.
        double[] seen = [.. driver.Sink.Records.Select(r => r.Values.GetValueOrDefault("N0")).OfType<double>()];
        seen.ShouldBe(seen.Distinct().Order());
        (await server.ItemsAsync()).Select(i => i.Node).Order().ShouldBe(["N0", "N3"]);
    }

    [Fact]
    public async Task TryReconfigure_OtherWayOfWatching_ItemsKeepTheirIds()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 2, interval = 50 });
        await using RunningDriver driver = RunningDriver.Start(Settings(server, "N0", "N1"));
        await driver.UntilAsync(sink => sink.Records.Count >= 3);
        IReadOnlyList<ServerItem> before = await server.ItemsAsync();
        OpcUaSettings changed = Settings(server, "N0", "N1");
        changed.Publishing = TimeSpan.FromMilliseconds(300);
        changed.Groups.Add(new OpcUaGroupSettings { Name = "more", Nodes = ["ns=1;s=N1"], Queue = 7 });

        driver.TryReconfigure(changed).ShouldBeTrue();
        await driver.UntilAsync(sink => sink.Records.Any(r => r.Group == "more"));

        IReadOnlyList<ServerItem> after = await server.ItemsAsync();
        after.Where(i => i.Subscription == before[0].Subscription).Select(i => (i.Id, i.Node)).ShouldBe(before.Select(i => (i.Id, i.Node)), ignoreOrder: true);
        after.Single(i => i.Subscription == before[0].Subscription && i.Node == "N0").Publishing.ShouldBe(300);
        after.Single(i => i.Subscription != before[0].Subscription).Queue.ShouldBe(7u);

        changed.Groups[0] = new OpcUaGroupSettings { Name = "more", Nodes = ["ns=1;s=N1"], Queue = 9 };
        driver.TryReconfigure(Copy(changed)).ShouldBeTrue();
        ServerItem more = after.Single(i => i.Queue == 7);
        IReadOnlyList<ServerItem> last = [];
        for (int i = 0; i < 500 && last.All(l => l.Queue != 9); i++)
        {
            await Task.Delay(20);
            last = await server.ItemsAsync();
        }

        last.Single(i => i.Queue == 9).ShouldBe(more with { Queue = 9 });
    }

    [Fact]
    public async Task TryReconfigure_GroupRemoved_EndsItsSubscription()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 3, interval = 50 });
        OpcUaSettings both = Settings(server, "N0");
        both.Groups.Add(new OpcUaGroupSettings { Name = "more", Nodes = ["ns=1;s=N1", "ns=1;s=N2"] });
        await using RunningDriver driver = RunningDriver.Start(both);
        await driver.UntilAsync(sink => sink.Records.Any(r => r.Group == "more"));

        driver.TryReconfigure(Settings(server, "N0")).ShouldBeTrue();

        IReadOnlyList<ServerItem> left = await server.ItemsAsync();
        for (int i = 0; i < 500 && left.Count > 1; i++)
        {
            await Task.Delay(20);
            left = await server.ItemsAsync();
        }

        left.Select(i => i.Node).ShouldBe(["N0"]);
        int now = driver.Sink.Records.Count;
        await driver.UntilAsync(sink => sink.Records.Count > now + 2);
    }

    [Fact]
    public async Task TryReconfigure_AnotherServer_IsRefusedSoThatTheDriverStartsAnew()
    {
        await using NodeOpcUaServer server = await NodeOpcUaServer.StartAsync(new { nodes = 1 });
        await using RunningDriver driver = RunningDriver.Start(Settings(server, "N0"));
        await driver.UntilAsync(sink => !sink.Records.IsEmpty);
        OpcUaSettings other = Settings(server, "N0");
        other.Endpoint = "opc.tcp://127.0.0.1:1";

        driver.TryReconfigure(other).ShouldBeFalse();
    }

    private static OpcUaSettings Settings(NodeOpcUaServer server, params string[] nodes) =>
        new() { Endpoint = server.Endpoint, Nodes = [.. nodes.Select(n => $"ns=1;s={n}")] };

    private static OpcUaSettings Copy(OpcUaSettings settings) => new() { Endpoint = settings.Endpoint, Nodes = settings.Nodes, Groups = settings.Groups, Publishing = settings.Publishing };
}

using System.Text;
using Mlops.Mqtt.Tests.Broker;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Bridge;

/// <summary>A broker of ours (the edge) and mosquitto (the plant), with a bridge between them.</summary>
public sealed class BridgeTests : IAsyncLifetime
{
    private static readonly int Messages = Counts.Of(2_000, 50_000);

    private readonly string folder = Directory.CreateTempSubdirectory("bridge-").FullName;
    private readonly List<IAsyncDisposable> opened = [];
    private Mosquitto plant = null!;
    private BrokerFixture edge = null!;

    public async Task InitializeAsync()
    {
        plant = await Mosquitto.StartAsync(more: "max_queued_messages 0\nmax_inflight_messages 0");
        edge = await BrokerFixture.StartAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var one in Enumerable.Reverse(opened))
            await one.DisposeAsync();
        await edge.DisposeAsync();
        await plant.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V5)]
    [InlineData(MqttProtocolVersion.V311)]
    public async Task Topics_OutAndInWithPrefixes_PassUnderTheirNewNames(MqttProtocolVersion version)
    {
        await StartAsync(options =>
        {
            options.Remote.ProtocolVersion = version;
            options.Topics.Add(new MqttBridgeTopic { Filter = "values/#", LocalPrefix = "line/", RemotePrefix = "plant/4/" });
            options.Topics.Add(new MqttBridgeTopic { Filter = "commands/+", LocalPrefix = "line/", RemotePrefix = "plant/4/", Direction = MqttBridgeDirection.In });
        });
        var up = await ListenAsync(plant.Port, "plant/#", version);
        var down = await ListenAsync(edge.Port, "line/#", version);
        await (await ConnectAsync(edge.Port)).PublishAsync("line/values/t/1", "21"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        await (await ConnectAsync(plant.Port)).PublishAsync("plant/4/commands/stop", "now"u8.ToArray(), MqttQualityOfService.ExactlyOnce);
        await Eventually.True(() => up.Messages.Any(message => message.Topic == "plant/4/values/t/1" && message.Text == "21"));
        await Eventually.True(() => down.Messages.Any(message => message.Topic == "line/commands/stop" && message.Text == "now"));
    }

    [Fact]
    public async Task Message_WithPropertiesAndRetain_KeepsThemOnBothWays()
    {
        var bridge = await StartAsync(options => options.Topics.Add(new MqttBridgeTopic { Direction = MqttBridgeDirection.Both }));
        foreach (var (from, to, topic) in new[] { (edge.Port, plant.Port, "up"), (plant.Port, edge.Port, "down") })
        {
            var publisher = await ConnectAsync(from);
            await publisher.PublishAsync(new MqttMessage
            {
                Topic = topic,
                Payload = "kept"u8.ToArray(),
                QualityOfService = MqttQualityOfService.AtLeastOnce,
                Retain = true,
                ContentType = "text/plain",
                ResponseTopic = "answers",
                CorrelationData = new byte[] { 1, 2 },
                UserProperties = [new MqttUserProperty("line", "4")],
                Expiry = TimeSpan.FromHours(1),
            });
            await Eventually.True(() => (topic == "up" ? bridge.Counters.PassedOut : bridge.Counters.PassedIn) == 1 && bridge.WaitingOut == 0);
            MqttMessage? seen = null;
            await (await ConnectAsync(to)).SubscribeAsync(topic, MqttQualityOfService.AtLeastOnce, (in MqttIncoming message) =>
            {
                seen = message.ToMessage();
                return default;
            });
            await Eventually.True(() => seen is not null);
            seen!.WasRetained.ShouldBeTrue();
            seen.ContentType.ShouldBe("text/plain");
            seen.ResponseTopic.ShouldBe("answers");
            seen.CorrelationData!.Value.ToArray().ShouldBe(new byte[] { 1, 2 });
            seen.UserProperties[0].ShouldBe(new MqttUserProperty("line", "4"));
            seen.Expiry!.Value.ShouldBeInRange(TimeSpan.FromMinutes(30), TimeSpan.FromHours(1));
        }
    }

    [Fact]
    public async Task Out_PlantIsAwayInTheMiddle_EveryMessageArrivesInOrder()
    {
        var arrived = await ListenAsync(plant.Port, "numbers", session: "reader");
        var bridge = await StartAsync(options =>
        {
            options.Remote.Outbox = new MqttOutboxOptions { File = Path.Combine(folder, "out.db") };
            options.Topics.Add(new MqttBridgeTopic { Direction = MqttBridgeDirection.Both });
        });
        var publisher = await ConnectAsync(edge.Port);
        await PublishAsync(publisher, 0, Messages / 2);
        await Eventually.True(() => arrived.Count > 0);
        await plant.StopAsync();
        await PublishAsync(publisher, Messages / 2, Messages / 2);
        await plant.RunAsync();
        await Eventually.True(() => arrived.Texts.Distinct().Count() == Messages);
        arrived.Texts.Distinct().ShouldBe(Numbers());
        bridge.Counters.PassedOut.ShouldBe(Messages);
        bridge.Counters.PassedIn.ShouldBe(0);
    }

    [Fact]
    public async Task Out_BridgeEndsWithThePlantAwayAndBeginsAgain_WhatWasAcknowledgedArrives()
    {
        var arrived = await ListenAsync(plant.Port, "numbers", session: "reader");
        await plant.StopAsync();
        void Configure(MqttBridgeOptions options)
        {
            options.Remote.Outbox = new MqttOutboxOptions { File = Path.Combine(folder, "out.db") };
            options.Topics.Add(new MqttBridgeTopic());
        }

        var first = await StartAsync(Configure);
        await PublishAsync(await ConnectAsync(edge.Port), 0, Messages);
        await first.DisposeAsync();
        await plant.RunAsync();
        await StartAsync(Configure);
        await Eventually.True(() => arrived.Count >= Messages);
        arrived.Texts.ShouldBe(Numbers());
    }

    [Fact]
    public async Task In_EdgeIsAwayAndPlantToo_EveryMessageArrivesInOrder()
    {
        // The edge's broker is outside of the process that runs the bridge, so both sides are clients.
        await using var outside = await Mosquitto.StartAsync(more: "max_queued_messages 0\nmax_inflight_messages 0");
        var arrived = await ListenAsync(outside.Port, "numbers", session: "reader");
        var options = Options();
        options.Local = Fast(new MqttClientOptions { Host = "127.0.0.1", Port = outside.Port, Outbox = new MqttOutboxOptions { File = Path.Combine(folder, "in.db") } });
        options.Topics.Add(new MqttBridgeTopic { Direction = MqttBridgeDirection.Both });
        var bridge = new MqttBridge(options);
        opened.Add(bridge);
        await bridge.StartAsync();
        await Eventually.True(() => bridge.LocalState == MqttClientState.Connected && bridge.RemoteState == MqttClientState.Connected);
        var publisher = await ConnectAsync(plant.Port, managed: true);
        int part = Messages / 4;
        await PublishAsync(publisher, 0, part);
        await outside.StopAsync();
        await PublishAsync(publisher, part, part);
        await Eventually.True(() => bridge.WaitingIn > 0);
        await plant.StopAsync();
        await outside.RunAsync();
        await plant.RunAsync();
        await PublishAsync(publisher, 2 * part, part);
        await PublishAsync(publisher, 3 * part, part);
        await Eventually.True(() => arrived.Texts.Distinct().Count() == 4 * part);
        arrived.Texts.Distinct().ShouldBe(Enumerable.Range(0, 4 * part).Select(i => $"{i}"));
        // The plant, too, has heard nothing twice because of the way back.
        bridge.Counters.PassedOut.ShouldBe(0);
    }

    [Fact]
    public async Task In_AHookOfTheEdgeHolds_ThePlantHearsOfItOnlyAfterwards()
    {
        var held = new Inbox();
        var seen = new List<string?>();
        using var hook = edge.Broker.AddPublishHook((in MqttIncoming message) =>
        {
            lock (seen)
                seen.Add(message.ClientId);
            held.Keep(message);
            return MqttPublishDecision.Hold;
        });
        static void Configure(MqttBridgeOptions options) => options.Topics.Add(new MqttBridgeTopic { Direction = MqttBridgeDirection.In });
        var first = await StartAsync(Configure);
        var publisher = await ConnectAsync(plant.Port);
        await publisher.PublishAsync("numbers", "1"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        await Eventually.True(() => held.Count == 1);
        first.Counters.PassedIn.ShouldBe(0);
        await first.DisposeAsync();

        // Not acknowledged, so the plant sends it again.
        var second = await StartAsync(Configure);
        await Eventually.True(() => held.Count == 2);
        held.Messages[1].Acknowledgement.Complete();
        await Eventually.True(() => second.Counters.PassedIn == 1);
        await second.DisposeAsync();

        // Acknowledged now, so the next is what comes.
        await StartAsync(Configure);
        await publisher.PublishAsync("numbers", "2"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        await Eventually.True(() => held.Count == 3);
        held.Texts.ShouldBe(["1", "1", "2"]);
        seen.ShouldAllBe(client => client == "bridge-test");
    }

    [Fact]
    public async Task Ring_OfThreeBridges_EachMessageStopsWhereItBegan()
    {
        await using var third = await BrokerFixture.StartAsync();
        await StartAsync(options => (options.Name, _) = ("a", AddBoth(options)));
        await RingAsync("b", plant.Port, third.Port);
        await RingAsync("c", third.Port, edge.Port);
        var heard = new List<Inbox>();
        foreach (int port in new[] { edge.Port, plant.Port, third.Port })
            heard.Add(await ListenAsync(port, "#"));
        var publisher = await ConnectAsync(edge.Port);
        for (int i = 0; i < 20; i++)
            await publisher.PublishAsync("numbers", Encoding.ASCII.GetBytes($"{i}"), MqttQualityOfService.AtLeastOnce);
        await Eventually.True(() => opened.OfType<MqttBridge>().Sum(bridge => bridge.Counters.TurnedBack) >= 40);
        await Eventually.True(() => opened.OfType<MqttBridge>().All(bridge => bridge.WaitingOut + bridge.WaitingIn == 0));
        // Both ways round the ring, and back to where it began once each way.
        opened.OfType<MqttBridge>().Sum(bridge => bridge.Counters.PassedOut + bridge.Counters.PassedIn).ShouldBe(6 * 20);
        heard[0].Texts.Distinct().Count().ShouldBe(20);
        await Eventually.True(() => heard.All(inbox => inbox.Texts.Distinct().Count() == 20));
    }

    [Fact]
    public void Create_OptionsThatCannotBe_NamesAll()
    {
        var options = Options();
        options.Topics.Add(new MqttBridgeTopic { LocalPrefix = "line", Direction = MqttBridgeDirection.None, QualityOfService = MqttQualityOfService.ExactlyOnce });
        options.MaxHops = 0;
        string message = Should.Throw<ArgumentException>(() => new MqttBridge(options)).Message;
        foreach (string part in new[] { "Local is null", "MaxHops", "'line'", "Direction", "QualityOfService" })
            message.ShouldContain(part);

        var loop = Options();
        loop.Remote.ProtocolVersion = MqttProtocolVersion.V311;
        loop.Topics.Add(new MqttBridgeTopic { Filter = "a/#" });
        loop.Topics.Add(new MqttBridgeTopic { Filter = "a/+/b", Direction = MqttBridgeDirection.In });
        Should.Throw<ArgumentException>(() => new MqttBridge(edge.Broker, loop)).Message.ShouldContain("3.1.1");
    }

    [Theory]
    [InlineData("a/#", "a", true)]
    [InlineData("a/+/c", "a/b/+", true)]
    [InlineData("a/b", "a/c", false)]
    [InlineData("a/b", "a/b/c", false)]
    [InlineData("+", "a/b", false)]
    [InlineData("#", "x/y", true)]
    public void Overlap_TwoFilters_IsFound(string left, string right, bool expected)
    {
        Mlops.Mqtt.Bridge.Loops.Overlap(left, right).ShouldBe(expected);
        Mlops.Mqtt.Bridge.Loops.Overlap(right, left).ShouldBe(expected);
    }

    private static string[] Numbers() => [.. Enumerable.Range(0, Messages).Select(i => $"{i}")];

    private static Task PublishAsync(MqttClient client, int from, int count) => Task.WhenAll(Enumerable.Range(from, count)
        .Select(i => client.PublishAsync("numbers", Encoding.ASCII.GetBytes($"{i}"), MqttQualityOfService.AtLeastOnce).AsTask()));

    private static bool AddBoth(MqttBridgeOptions options)
    {
        options.Topics.Add(new MqttBridgeTopic { Direction = MqttBridgeDirection.Both });
        return true;
    }

    private static MqttClientOptions Fast(MqttClientOptions options)
    {
        options.ReconnectDelay = TimeSpan.FromMilliseconds(50);
        options.MaxReconnectDelay = TimeSpan.FromMilliseconds(200);
        return options;
    }

    private MqttBridgeOptions Options() => new() { Name = "test", Remote = Fast(new MqttClientOptions { Host = "127.0.0.1", Port = plant.Port }) };

    private async Task<MqttBridge> StartAsync(Action<MqttBridgeOptions> configure)
    {
        var options = Options();
        configure(options);
        var bridge = new MqttBridge(edge.Broker, options);
        opened.Add(bridge);
        await bridge.StartAsync();
        return bridge;
    }

    private async Task RingAsync(string name, int from, int to)
    {
        var options = new MqttBridgeOptions
        {
            Name = name,
            Local = Fast(new MqttClientOptions { Host = "127.0.0.1", Port = from }),
            Remote = Fast(new MqttClientOptions { Host = "127.0.0.1", Port = to }),
        };
        AddBoth(options);
        var bridge = new MqttBridge(options);
        opened.Add(bridge);
        await bridge.StartAsync();
    }

    private async Task<MqttClient> ConnectAsync(int port, bool managed = false, MqttProtocolVersion version = MqttProtocolVersion.V5, string? session = null, Inbox? inbox = null, string filter = "")
    {
        var client = new MqttClient(Fast(new MqttClientOptions
        {
            Host = "127.0.0.1",
            Port = port,
            ProtocolVersion = version,
            ClientId = session,
            CleanStart = session is null,
            SessionExpiry = session is null && !managed ? TimeSpan.Zero : TimeSpan.FromHours(1),
        }));
        lock (opened)
            opened.Add(client);
        if (inbox is not null)
            await client.SubscribeAsync(filter, MqttQualityOfService.AtLeastOnce, inbox.Take);
        if (managed || session is not null)
            await client.StartAsync();
        else
            await client.ConnectAsync();
        return client;
    }

    private async Task<Inbox> ListenAsync(int port, string filter, MqttProtocolVersion version = MqttProtocolVersion.V5, string? session = null)
    {
        var inbox = new Inbox();
        await ConnectAsync(port, version: version, session: session, inbox: inbox, filter: filter);
        return inbox;
    }
}

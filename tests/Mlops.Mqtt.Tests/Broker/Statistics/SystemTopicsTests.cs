using System.Globalization;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Broker.Statistics;

public sealed class SystemTopicsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ManualTime time = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("311")]
    [InlineData("5")]
    public async Task MosquittoSub_SystemTopics_ReadsWhatIsSoAndWhatChanges(string version)
    {
        await using var fixture = await StartAsync();
        await fixture.Broker.PublishAsync("kept", "12345"u8.ToArray(), retain: true);
        var press = await fixture.ConnectAsync(clientId: "press");
        await press.SubscribeAsync("$share/crew/a", MqttQualityOfService.AtLeastOnce, new Inbox().Take);
        for (int i = 0; i < 3; i++)
            await press.PublishAsync("a", new byte[100], MqttQualityOfService.AtLeastOnce);
        await using var reader = Child.Start(
            Mosquitto.Subscriber, "-h", "127.0.0.1", "-p", $"{fixture.Port}", "-V", version, "-W", "100", "-t", "$SYS/#", "-F", "%r|%t|%p");
        // What it gets at once is retained, what changes later is not.
        await Eventually.True(() => reader.Lines.Any(line => line.StartsWith("1|$SYS/broker/version|Mlops.Mqtt version ", StringComparison.Ordinal)));
        await Eventually.True(() => fixture.Broker.Counters.Sessions == 2);
        time.Advance(TimeSpan.FromSeconds(10));
        await Eventually.True(() => Last(reader, "clients/connected") == "2");
        await Eventually.True(() => Last(reader, "publish/messages/received") == "3");
        reader.Lines.ShouldContain("0|$SYS/broker/clients/connected|2");
        Last(reader, "clients/total").ShouldBe("2");
        Last(reader, "clients/maximum").ShouldBe("2");
        Last(reader, "subscriptions/count").ShouldBe("2");
        Last(reader, "shared_subscriptions/count").ShouldBe("1");
        Last(reader, "retained messages/count").ShouldBe("1");
        Last(reader, "publish/bytes/received").ShouldBe("300");
        Last(reader, "publish/messages/dropped").ShouldBe("0");
        Number(reader, "messages/received").ShouldBeGreaterThan(5);
        Number(reader, "bytes/received").ShouldBeGreaterThan(300);
        Number(reader, "publish/messages/sent").ShouldBeGreaterThanOrEqualTo(3);
        Number(reader, "store/messages/bytes").ShouldBeGreaterThanOrEqualTo(9);
        Last(reader, "uptime").ShouldEndWith(" seconds");
        foreach (string kind in new[] { "messages/received", "messages/sent", "publish/received", "publish/sent", "bytes/received", "bytes/sent", "sockets", "connections" })
        {
            foreach (int minutes in new[] { 1, 5, 15 })
                double.Parse(Last(reader, $"load/{kind}/{minutes}min")!, CultureInfo.InvariantCulture).ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public async Task Publish_ClientsToSystemTopics_AreDeniedAlsoAsWill()
    {
        await using var fixture = await StartAsync();
        var client = await fixture.ConnectAsync(clientId: "liar");
        (await Should.ThrowAsync<MqttException>(client.PublishAsync("$SYS/broker/uptime", "0"u8.ToArray(), MqttQualityOfService.AtLeastOnce, retain: true).AsTask()))
            .ReasonCode.ShouldBe(MqttReasonCode.NotAuthorized);
        using (var peer = await RawPeer.ConnectAsync(fixture.Port))
        {
            await peer.SendAsync(new ConnectPacket
            {
                Version = MqttProtocolVersion.V5,
                ClientId = "dying",
                CleanStart = true,
                Will = new WillMessage("$SYS/broker/uptime", "0"u8.ToArray(), MqttQualityOfService.AtMostOnce, true, 0, default),
            }.Write());
            await peer.ReadPacketAsync();
        }

        await Eventually.True(() => fixture.Log.Warnings.Length == 2);
        fixture.Log.Warnings[1].ShouldContain("'dying'");
        fixture.Broker.Counters.ActionsDenied.ShouldBe(2);
        var inbox = new Inbox();
        using var reader = fixture.Broker.Subscribe("$SYS/broker/uptime", inbox.Take);
        inbox.Texts.ShouldHaveSingleItem().ShouldEndWith(" seconds");
    }

    [Fact]
    public async Task Publish_WildcardAndFullQueueAndDisk_TakeNoPart()
    {
        await using (var fixture = await StartAsync(options =>
        {
            options.DataFolder = folder.Path;
            options.MaxRetained = 1;
            options.MaxQueuedMessagesPerSession = 1;
        }))
        {
            var all = new Inbox();
            using var everything = fixture.Broker.Subscribe("#", all.Take);
            using var first = fixture.Broker.Subscribe("+/broker/#", all.Take);
            var away = await fixture.ConnectAsync(clientId: "away", keepSession: true);
            await away.SubscribeAsync("$SYS/#", MqttQualityOfService.AtLeastOnce, new Inbox().Take);
            await away.DisconnectAsync();
            using var stuck = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "stuck");
            await stuck.SendAsync(SubscribePacket.Write(1, 0, "$SYS/#", new SubscriptionOptions(MqttQualityOfService.AtLeastOnce), MqttProtocolVersion.V5));
            await stuck.ReadPacketAsync();
            var uptime = new Inbox();
            using var reader = fixture.Broker.Subscribe("$SYS/broker/uptime", uptime.Take);
            for (int i = 2; i < 20; i++)
            {
                time.Advance(TimeSpan.FromSeconds(10));
                await Eventually.True(() => uptime.Count == i);
            }

            all.Count.ShouldBe(0);
            fixture.Broker.Counters.MessagesDropped.ShouldBe(0);
            fixture.Broker.Counters.RetainedRefused.ShouldBe(0);
            await fixture.Broker.PublishAsync("kept", "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce, retain: true);
            fixture.Broker.Counters.RetainedRefused.ShouldBe(0);
        }

        await using var after = await StartAsync(options => (options.DataFolder, options.SystemTopicsInterval) = (folder.Path, TimeSpan.Zero));
        var kept = new Inbox();
        using var retained = after.Broker.Subscribe("$SYS/#", kept.Take);
        using var others = after.Broker.Subscribe("#", kept.Take);
        kept.Messages.ShouldHaveSingleItem().Topic.ShouldBe("kept");
        using var back = await RawPeer.OpenAsync(after.Port, MqttProtocolVersion.V5, "away", cleanStart: false, expiry: 60);
        await back.SendAsync(0xC0, 0);
        (await back.ReadPacketAsync()).First.ShouldBe((byte)0xD0);
    }

    [Fact]
    public async Task Start_IntervalOfZero_PublishesNothing()
    {
        await using var fixture = await StartAsync(options => options.SystemTopicsInterval = TimeSpan.Zero);
        var inbox = new Inbox();
        using var reader = fixture.Broker.Subscribe("$SYS/#", inbox.Take);
        time.Advance(TimeSpan.FromMinutes(1));
        // The loop that would publish has looked since: it has ended a session that expires now.
        var brief = await fixture.ConnectAsync(clientId: "brief", keepSession: true);
        await brief.DisconnectAsync();
        // The session's time runs from when the broker has noticed that, which may be later.
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
        time.Advance(TimeSpan.FromMinutes(6));
        await Eventually.True(() => fixture.Broker.Counters.SessionsExpired == 1);
        inbox.Count.ShouldBe(0);
        Should.Throw<ArgumentException>(() => new MqttBroker(new MqttBrokerOptions { SystemTopicsInterval = TimeSpan.FromMilliseconds(10) }))
            .Message.ShouldContain("SystemTopicsInterval");
    }

    private static string? Last(Child reader, string topic) =>
        reader.Lines.LastOrDefault(line => line.Contains($"|$SYS/broker/{topic}|", StringComparison.Ordinal))?.Split('|')[2];

    private static long Number(Child reader, string topic) => long.Parse(Last(reader, topic)!, CultureInfo.InvariantCulture);

    private Task<BrokerFixture> StartAsync(Action<MqttBrokerOptions>? configure = null) => BrokerFixture.StartAsync(configure, time: time);
}

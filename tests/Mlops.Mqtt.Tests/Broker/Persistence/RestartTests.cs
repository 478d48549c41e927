using System.Buffers.Binary;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Broker.Persistence;

public sealed class RestartTests : IDisposable
{
    private const byte ExactlyOnce = 4;
    private readonly TemporaryFolder folder = new();
    private readonly ManualTime time = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(MqttProtocolVersion.V5)]
    [InlineData(MqttProtocolVersion.V311)]
    public async Task Restart_SubscriberAway_SubscriptionQueueAndRetainedAreKept(MqttProtocolVersion version)
    {
        await using (var before = await StartAsync())
        {
            var panel = await before.ConnectAsync(version, "panel", keepSession: true);
            await panel.SubscribeAsync("line/+", MqttQualityOfService.ExactlyOnce, new Inbox().Take);
            await panel.DisconnectAsync();
            var press = await before.ConnectAsync();
            await press.PublishAsync("line/1", "one"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
            await press.PublishAsync("line/2", "two"u8.ToArray(), MqttQualityOfService.ExactlyOnce);
            await press.PublishAsync("line/3", "three"u8.ToArray(), MqttQualityOfService.AtLeastOnce, retain: true);
        }

        await using var after = await StartAsync();
        var inbox = new Inbox();
        using var retained = after.Broker.Subscribe("line/#", inbox.Take);
        inbox.Texts.ShouldBe(["three"]);
        using var raw = await RawPeer.ConnectAsync(after.Port);
        await raw.SendAsync(new ConnectPacket { Version = version, ClientId = "panel", SessionExpirySeconds = 300 }.Write());
        var (first, body) = await raw.ReadPacketAsync();
        ConnAckPacket.Read(first, body, version).SessionPresent.ShouldBeTrue();
        for (byte i = 0; i < 3; i++)
            (await raw.ReadPacketAsync()).First.ShouldBe((byte)(i == 1 ? 0x34 : 0x32));
        await after.Broker.PublishAsync("line/9", "new"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        (await raw.ReadPacketAsync()).First.ShouldBe((byte)0x32);
    }

    [Fact]
    public async Task Restart_InExchangesOfQoS2_BothSidesGoOnWhereTheyWere()
    {
        await using (var before = await StartAsync())
        {
            using var panel = await OpenAsync(before, "panel");
            await panel.SendAsync(SubscribePacket.Write(1, 7, "a", new SubscriptionOptions(MqttQualityOfService.ExactlyOnce), MqttProtocolVersion.V5));
            (await panel.ReadPacketAsync()).First.ShouldBe((byte)0x90);
            using var press = await OpenAsync(before, "press");
            await press.PublishAsync(MqttProtocolVersion.V5, "a", "1"u8.ToArray(), 7, ExactlyOnce);
            await press.PublishAsync(MqttProtocolVersion.V5, "a", "2"u8.ToArray(), 8, ExactlyOnce);
            (await press.ReadPacketAsync()).First.ShouldBe((byte)0x50);
            (await press.ReadPacketAsync()).First.ShouldBe((byte)0x50);
            (await panel.ReadPacketAsync()).First.ShouldBe((byte)0x34);
            (await panel.ReadPacketAsync()).First.ShouldBe((byte)0x34);
            await panel.SendAsync(0x50, 2, 0, 1);
            (await panel.ReadPacketAsync()).First.ShouldBe((byte)0x62);
        }

        await using var after = await StartAsync();
        using var again = await OpenAsync(after, "press");
        await again.PublishAsync(MqttProtocolVersion.V5, "a", "1"u8.ToArray(), 7, ExactlyOnce | PublishFlags.Duplicate);
        (await again.ReadPacketAsync()).First.ShouldBe((byte)0x50);
        await again.SendAsync(0x62, 2, 0, 7);
        (await again.ReadPacketAsync()).Body.ShouldBe([0, 7]);
        using var back = await OpenAsync(after, "panel");
        var release = await back.ReadPacketAsync();
        (release.First, release.Body[1]).ShouldBe(((byte)0x62, (byte)1));
        var second = await back.ReadPacketAsync();
        second.First.ShouldBe((byte)0x3C);
        second.Body.ShouldBe([0, 1, (byte)'a', 0, 2, 2, 11, 7, (byte)'2']);
        // Nothing else is queued: the repetition was recognised.
        await back.SendAsync(0xC0, 0);
        (await back.ReadPacketAsync()).First.ShouldBe((byte)0xD0);
    }

    [Fact]
    public async Task Restart_OnlyPubCompIsMissing_PubRelIsSentAgain()
    {
        await using (var before = await StartAsync())
        {
            using var panel = await OpenAsync(before, "panel");
            await panel.SendAsync(SubscribePacket.Write(1, 0, "a", new SubscriptionOptions(MqttQualityOfService.ExactlyOnce), MqttProtocolVersion.V5));
            await panel.ReadPacketAsync();
            await before.Broker.PublishAsync("a", "1"u8.ToArray(), MqttQualityOfService.ExactlyOnce);
            await panel.ReadPacketAsync();
            await panel.SendAsync(0x50, 2, 0, 1);
            (await panel.ReadPacketAsync()).First.ShouldBe((byte)0x62);
        }

        await using var after = await StartAsync();
        using var back = await OpenAsync(after, "panel");
        (await back.ReadPacketAsync()).First.ShouldBe((byte)0x62);
        await after.Broker.PublishAsync("a", "2"u8.ToArray(), MqttQualityOfService.ExactlyOnce);
        (await back.ReadPacketAsync()).Body.ShouldBe([0, 1, (byte)'a', 0, 2, 0, (byte)'2']);
    }

    [Fact]
    public async Task Restart_WhileExpiryRuns_CountsTheTimeInBetween()
    {
        await using (var before = await StartAsync())
        {
            foreach (string name in new[] { "short", "long" })
            {
                var client = await before.ConnectAsync(clientId: name, keepSession: true, configure: options => options.SessionExpiry = TimeSpan.FromSeconds(name == "short" ? 60 : 600));
                await client.SubscribeAsync("a", MqttQualityOfService.AtLeastOnce, new Inbox().Take);
                await client.DisconnectAsync();
            }

            await before.Broker.PublishAsync(new MqttMessage { Topic = "a", QualityOfService = MqttQualityOfService.AtLeastOnce, Expiry = TimeSpan.FromSeconds(50) });
            await before.Broker.PublishAsync(new MqttMessage { Topic = "a", Payload = "x"u8.ToArray(), QualityOfService = MqttQualityOfService.AtLeastOnce, Expiry = TimeSpan.FromSeconds(500) });
        }

        time.Advance(TimeSpan.FromSeconds(100));
        await using var after = await StartAsync();
        await Eventually.True(() => after.Broker.Counters.Sessions == 1);
        using var raw = await OpenAsync(after, "long");
        var (_, body) = await raw.ReadPacketAsync();
        body[^1].ShouldBe((byte)'x');
        // Behind topic, packet identifier and the length of the properties: the identifier of the subscription, then the expiry.
        int left = BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(9));
        left.ShouldBeInRange(300, 400);
    }

    [Fact]
    public async Task Restart_WillWaits_IsPublishedWhenItsDelayIsOver()
    {
        await using (var before = await StartAsync())
        {
            using var press = await RawPeer.ConnectAsync(before.Port);
            await press.SendAsync(new ConnectPacket
            {
                Version = MqttProtocolVersion.V5,
                ClientId = "press",
                SessionExpirySeconds = 600,
                Will = new WillMessage("state", "gone"u8.ToArray(), MqttQualityOfService.AtLeastOnce, true, 60, default),
            }.Write());
            await press.ReadPacketAsync();
            press.Dispose();
            await Eventually.True(() => before.Broker.Counters.ConnectedClients == 0);
        }

        await using var after = await StartAsync();
        var inbox = new Inbox();
        using var subscription = after.Broker.Subscribe("state", inbox.Take);
        inbox.Count.ShouldBe(0);
        time.Advance(TimeSpan.FromSeconds(61));
        await Eventually.True(() => inbox.Count == 1);
        inbox.Texts.ShouldBe(["gone"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    [InlineData(600)]
    public async Task Crash_WhileAWillIsPublished_ItIsPublishedAgainAndOnlyThen(uint delay)
    {
        using var crashed = new TemporaryFolder();
        int published = 0;
        await using (var before = await StartAsync())
        {
            using var subscription = before.Broker.Subscribe("state", (in MqttIncoming _) =>
            {
                // What was noted before is on the disk with this, and what the folder holds then is what a crash leaves.
                before.Broker.PublishAsync("marker", "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce, retain: true).AsTask().GetAwaiter().GetResult();
                foreach (string file in Directory.GetFiles(folder.Path))
                    File.Copy(file, Path.Combine(crashed.Path, Path.GetFileName(file)));
                Interlocked.Increment(ref published);
                return default;
            });
            using (var press = await RawPeer.ConnectAsync(before.Port))
            {
                await press.SendAsync(new ConnectPacket
                {
                    Version = MqttProtocolVersion.V5,
                    ClientId = "press",
                    SessionExpirySeconds = 300,
                    Will = new WillMessage("state", "gone"u8.ToArray(), MqttQualityOfService.AtLeastOnce, false, delay, default),
                }.Write());
                await press.ReadPacketAsync();
            }

            await Eventually.True(() => before.Broker.Counters.ConnectedClients == 0);
            // After 600 s the session has expired before the delay is over.
            time.Advance(TimeSpan.FromSeconds(delay + 1));
            await Eventually.True(() => Volatile.Read(ref published) == 1);
        }

        // The will is due at once in both cases, and is gone when an older one cannot have it: the loop that publishes has looked.
        (await CountAsync(crashed.Path)).ShouldBe(1);
        (await CountAsync(folder.Path)).ShouldBe(0);

        async Task<int> CountAsync(string path)
        {
            var inbox = new Inbox();
            await using var after = await BrokerFixture.StartAsync(options => options.DataFolder = path, broker => broker.Subscribe("state", inbox.Take), time);
            var brief = await after.ConnectAsync(clientId: "brief", keepSession: true, configure: options => options.SessionExpiry = TimeSpan.FromSeconds(1));
            await brief.DisconnectAsync();
            long expired = after.Broker.Counters.SessionsExpired;
            time.Advance(TimeSpan.FromSeconds(2));
            await Eventually.True(() => after.Broker.Counters.SessionsExpired > expired);
            return inbox.Count;
        }
    }

    [Fact]
    public async Task Restart_SharedSubscription_QueuedMessageGoesToAnotherMember()
    {
        await using (var before = await StartAsync())
        {
            foreach (string name in new[] { "one", "two" })
            {
                var member = await before.ConnectAsync(clientId: name, keepSession: true);
                await member.SubscribeAsync("$share/crew/a", MqttQualityOfService.AtLeastOnce, new Inbox().Take);
                await member.DisconnectAsync();
            }

            await before.Broker.PublishAsync("a", "1"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
            await before.Broker.PublishAsync("a", "2"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        }

        await using var after = await StartAsync();
        using var two = await OpenAsync(after, "two");
        (await two.ReadPacketAsync()).First.ShouldBe((byte)0x32);
        // The other one's session ends, so what waited for it comes here.
        using (var one = await RawPeer.OpenAsync(after.Port, MqttProtocolVersion.V5, "one", cleanStart: true))
        {
            (await two.ReadPacketAsync()).First.ShouldBe((byte)0x32);
        }
    }

    [Fact]
    public async Task Restart_CleanStartAndUnsubscribeBefore_NothingComesBack()
    {
        await using (var before = await StartAsync())
        {
            var client = await before.ConnectAsync(clientId: "panel", keepSession: true);
            await client.SubscribeAsync("a", MqttQualityOfService.AtLeastOnce, new Inbox().Take);
            await client.DisconnectAsync();
            await before.Broker.PublishAsync("a", "1"u8.ToArray(), MqttQualityOfService.AtLeastOnce, retain: true);
            await before.Broker.PublishAsync("a", default, MqttQualityOfService.AtLeastOnce, retain: true);
            using var raw = await RawPeer.OpenAsync(before.Port, MqttProtocolVersion.V5, "panel", cleanStart: true);
        }

        await using var after = await StartAsync();
        after.Broker.Counters.Sessions.ShouldBe(0);
        var inbox = new Inbox();
        using var subscription = after.Broker.Subscribe("a", inbox.Take);
        inbox.Count.ShouldBe(0);
    }

    private Task<BrokerFixture> StartAsync() => BrokerFixture.StartAsync(options => options.DataFolder = folder.Path, time: time);

    private static Task<RawPeer> OpenAsync(BrokerFixture fixture, string name) =>
        RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, name, cleanStart: false, expiry: 300);
}

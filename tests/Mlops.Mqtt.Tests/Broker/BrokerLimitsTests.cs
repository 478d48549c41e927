using System.Net.Sockets;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Tests.Peers;
using Mlops.Mqtt.Tests.Protocol;

namespace Mlops.Mqtt.Tests.Broker;

public class BrokerLimitsTests
{
    [Theory]
    [InlineData(MqttProtocolVersion.V311, null)]
    [InlineData(MqttProtocolVersion.V5, MqttReasonCode.MalformedPacket)]
    public async Task Receive_MalformedPacket_ClosesWithTheReasonAndOneLogLine(MqttProtocolVersion version, MqttReasonCode? reason)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using (var peer = await RawPeer.OpenAsync(fixture.Port, version, "broken-press"))
        {
            await peer.SendAsync(0x36, 3, 0, 1, (byte)'a');
            var last = await peer.ReadToEndAsync();
            (last is { } packet ? DisconnectPacket.Read(packet.First, packet.Body, version).Reason : default(MqttReasonCode?)).ShouldBe(reason);
        }

        await Eventually.True(() => fixture.Log.Warnings.Length > 0);
        fixture.Broker.Counters.ProtocolErrors.ShouldBe(1);
        var line = fixture.Log.Warnings.ShouldHaveSingleItem();
        line.ShouldContain("broken-press");
        line.ShouldContain("127.0.0.1");
        await AnswersAsync(fixture);
    }

    [Fact]
    public async Task Receive_EveryBitFlipOfEveryPacketAndNoise_BrokerStaysUnharmed()
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.ConnectTimeout = TimeSpan.FromSeconds(1));
        var random = new Random(99);
        var all = PacketSamples.All().ToArray();
        await Parallel.ForEachAsync(Enumerable.Range(0, 150), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (round, _) =>
        {
            byte[] noise;
            lock (random)
            {
                var (packet, version) = all[random.Next(all.Length)];
                noise = (byte[])packet.Clone();
                noise[random.Next(noise.Length)] ^= (byte)(1 << random.Next(8));
                if (round % 3 == 0)
                    random.NextBytes(noise);
                if (round % 2 == 0)
                    noise = [.. PacketSamples.Connect(version).Write(), .. noise];
            }

            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", fixture.Port, CancellationToken.None);
            try
            {
                await client.GetStream().WriteAsync(noise, CancellationToken.None);
                client.Client.Shutdown(SocketShutdown.Send);
                var answer = new byte[1024];
                while (await Eventually.Within(client.GetStream().ReadAsync(answer, CancellationToken.None).AsTask()) > 0)
                {
                }
            }
            catch (Exception reset) when (reset is IOException or SocketException or InvalidOperationException)
            {
                // A reset is an answer too.
            }
        });
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
        fixture.Broker.Counters.ProtocolErrors.ShouldBeGreaterThan(20);
        await AnswersAsync(fixture);
    }

    [Fact]
    public async Task Receive_PacketLargerThanTheLimit_IsRefusedByItsHeader()
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.MaxPacketSize = 1000);
        using var peer = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "large");
        await peer.SendAsync(0x30, 0xE9, 0x07);
        var last = await peer.ReadToEndAsync();
        DisconnectPacket.Read(last!.Value.First, last.Value.Body, MqttProtocolVersion.V5).Reason.ShouldBe(MqttReasonCode.PacketTooLarge);
        await AnswersAsync(fixture);
    }

    [Theory]
    [InlineData(MqttQualityOfService.AtMostOnce)]
    [InlineData(MqttQualityOfService.AtLeastOnce)]
    public async Task Deliver_SubscriberDoesNotRead_DropsOrDisconnectsAndStaysBounded(MqttQualityOfService quality)
    {
        await using var fixture = await BrokerFixture.StartAsync(options =>
        {
            options.MaxQueuedMessagesPerSession = 50;
            options.MaxInFlightPerSession = 10;
        });
        using var stuck = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "stuck");
        await stuck.SendAsync(SubscribePacket.Write(1, 0, "a", new SubscriptionOptions(quality), MqttProtocolVersion.V5));
        await stuck.ReadPacketAsync();
        var quick = new Inbox();
        var other = await fixture.ConnectAsync();
        await other.SubscribeAsync("end", MqttQualityOfService.AtLeastOnce, quick.Take);
        var payload = new byte[100_000];
        for (int i = 0; i < 400; i++)
            await fixture.Broker.PublishAsync("a", payload, quality);
        var counters = fixture.Broker.Counters;
        if (quality == MqttQualityOfService.AtMostOnce)
        {
            counters.MessagesDropped.ShouldBeGreaterThan(0);
            counters.SlowClientsDisconnected.ShouldBe(0);
            counters.ConnectedClients.ShouldBe(2);
        }
        else
        {
            counters.SlowClientsDisconnected.ShouldBe(1);
            fixture.Log.Warnings.ShouldHaveSingleItem().ShouldContain("stuck");
            await Eventually.True(() => counters.ConnectedClients == 1);
        }

        await fixture.Broker.PublishAsync("end", "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        await Eventually.True(() => quick.Count == 1);
    }

    [Fact]
    public async Task Deliver_SessionAway_KeepsUpToTheLimitAndCountsTheRest()
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.MaxQueuedMessagesPerSession = 10);
        using (var peer = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V311, "away", cleanStart: false))
        {
            await peer.SendAsync(SubscribePacket.Write(1, 0, "a", new SubscriptionOptions(MqttQualityOfService.AtLeastOnce), MqttProtocolVersion.V311));
            await peer.ReadPacketAsync();
        }

        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
        for (int i = 0; i < 25; i++)
            await fixture.Broker.PublishAsync("a", new byte[] { (byte)i }, MqttQualityOfService.AtLeastOnce);
        fixture.Broker.Counters.MessagesDropped.ShouldBe(15);
        using var back = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V311, "away", cleanStart: false);
        for (int i = 0; i < 10; i++)
        {
            var (first, body) = await back.ReadPacketAsync();
            PublishPacket.Read(first, body, MqttProtocolVersion.V311).Payload[0].ShouldBe((byte)i);
        }
    }

    [Fact]
    public async Task KeepAlive_ClientGoesSilent_IsDisconnectedAndItsWillPublished()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var inbox = new Inbox();
        using var watch = fixture.Broker.Subscribe("status", inbox.Take);
        using var peer = await RawPeer.ConnectAsync(fixture.Port);
        await peer.SendAsync((PacketSamples.Connect(MqttProtocolVersion.V5) with { AuthenticationMethod = null, AuthenticationData = null, KeepAliveSeconds = 1 }).Write());
        await peer.ReadPacketAsync();
        var last = await peer.ReadToEndAsync();
        DisconnectPacket.Read(last!.Value.First, last.Value.Body, MqttProtocolVersion.V5).Reason.ShouldBe(MqttReasonCode.KeepAliveTimeout);
        await Eventually.True(() => inbox.Texts.Contains("gone"));
    }

    [Fact]
    public async Task Accept_NoConnect_IsClosedInTime()
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.ConnectTimeout = TimeSpan.FromSeconds(0.5));
        using var peer = await RawPeer.ConnectAsync(fixture.Port);
        (await peer.ReadToEndAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Accept_MoreThanMaxConnections_IsRefused()
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.MaxConnections = 1);
        var first = await fixture.ConnectAsync();
        await Should.ThrowAsync<MqttException>(fixture.ConnectAsync());
        await first.DisposeAsync();
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
        await fixture.ConnectAsync();
    }

    [Fact]
    public async Task Subscribe_MoreThanTheLimit_IsRefusedWithQuotaExceeded()
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.MaxSubscriptionsPerSession = 2);
        var client = await fixture.ConnectAsync();
        await client.SubscribeAsync("a", MqttQualityOfService.AtMostOnce, new Inbox().Take);
        await client.SubscribeAsync("b", MqttQualityOfService.AtMostOnce, new Inbox().Take);
        (await Should.ThrowAsync<MqttException>(client.SubscribeAsync("c", MqttQualityOfService.AtMostOnce, new Inbox().Take)))
            .ReasonCode.ShouldBe(MqttReasonCode.QuotaExceeded);
        await client.SubscribeAsync("b", MqttQualityOfService.AtLeastOnce, new Inbox().Take);
    }

    [Fact]
    public async Task Retain_MoreThanTheLimit_IsDeliveredButNotKept()
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.MaxRetained = 2);
        var live = new Inbox();
        using var watch = fixture.Broker.Subscribe("#", live.Take);
        foreach (string topic in new[] { "a", "b", "c" })
            await fixture.Broker.PublishAsync(topic, "x"u8.ToArray(), retain: true);
        await fixture.Broker.PublishAsync("b", default, retain: true);
        await fixture.Broker.PublishAsync("d", "x"u8.ToArray(), retain: true);
        live.Count.ShouldBe(5);
        fixture.Broker.Counters.RetainedRefused.ShouldBe(1);
        var kept = new Inbox();
        using var later = fixture.Broker.Subscribe("#", kept.Take);
        kept.Messages.Select(message => message.Topic).Order().ShouldBe(["a", "d"]);
    }

    [Fact]
    public async Task Subscribe_MoreRetainedThanTheQueueHolds_DeliversThemAll()
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.MaxQueuedMessagesPerSession = 10);
        for (int i = 0; i < 500; i++)
            await fixture.Broker.PublishAsync($"meta/{i}", "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce, retain: true);
        var inbox = new Inbox();
        var client = await fixture.ConnectAsync();
        await client.SubscribeAsync("meta/#", MqttQualityOfService.AtLeastOnce, inbox.Take);
        await Eventually.True(() => inbox.Count == 500);
        fixture.Broker.Counters.MessagesDropped.ShouldBe(0);
    }

    private static async Task AnswersAsync(BrokerFixture fixture)
    {
        var client = await fixture.ConnectAsync();
        await Eventually.Within(client.PublishAsync("alive", default, MqttQualityOfService.AtLeastOnce).AsTask());
    }
}

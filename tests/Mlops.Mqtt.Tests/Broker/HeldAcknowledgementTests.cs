using System.Text;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Sessions;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Broker;

public class HeldAcknowledgementTests
{
    [Fact]
    public async Task Subscribe_ManualAcknowledgementAndHook_PubAckWaitsForBoth()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var hooked = new Inbox();
        var subscribed = new Inbox();
        using var hook = fixture.Broker.AddPublishHook((in MqttIncoming message) =>
        {
            hooked.Keep(message);
            return MqttPublishDecision.Hold;
        });
        using var subscription = fixture.Broker.Subscribe("a", subscribed.Take, manualAcknowledgement: true);
        var client = await fixture.ConnectAsync();
        var publish = client.PublishAsync("a", "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce).AsTask();
        await Eventually.True(() => subscribed.Count == 1);
        hooked.Messages[0].Acknowledgement.Complete();
        hooked.Messages[0].Acknowledgement.Complete();
        publish.IsCompleted.ShouldBeFalse();
        subscribed.Messages[0].Acknowledgement.Complete();
        await Eventually.Within(publish);
    }

    [Fact]
    public async Task Hold_ClientGoneAndBack_ReleaseIsSilentAndTheMessageComesAgain()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var hook = fixture.HoldPublishes(out var held);
        using var first = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "press", cleanStart: false, expiry: 60);
        await first.PublishAsync(MqttProtocolVersion.V5, "a", "1"u8.ToArray(), packetId: 7, PublishFlags.AtLeastOnce);
        await Eventually.True(() => held.Count == 1);
        first.Dispose();
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
        held.Messages[0].Acknowledgement.Complete();

        using var second = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "press", cleanStart: false, expiry: 60);
        await second.PublishAsync(
            MqttProtocolVersion.V5, "a", "1"u8.ToArray(), packetId: 7, PublishFlags.AtLeastOnce | PublishFlags.Duplicate);
        await Eventually.True(() => held.Count == 2);
        held.Messages[1].Duplicate.ShouldBeTrue();
        // The acknowledgement of the first connection must not release that of the second.
        held.Messages[0].Acknowledgement.Complete();
        held.Messages[1].Acknowledgement.Complete();
        var (type, body) = await second.ReadPacketAsync();
        AcknowledgePacket.Read(type, body, MqttProtocolVersion.V5).PacketId.ShouldBe((ushort)7);
    }

    [Fact]
    public async Task Hold_MoreThanReceiveMaximum_ReadingPausesWithoutKeepAliveExpiry()
    {
        var time = new ManualTime();
        await using var fixture = await BrokerFixture.StartAsync(options => options.ReceiveMaximum = 3, time: time);
        using var hook = fixture.HoldPublishes(out var held);
        using var peer = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V311, "eager", keepAlive: 60);
        for (ushort id = 1; id <= 10; id++)
            await peer.PublishAsync(MqttProtocolVersion.V311, "a", Encoding.UTF8.GetBytes($"{id}"), id, PublishFlags.AtLeastOnce);
        await Eventually.True(() => held.Count == 3);
        // Longer than one and a half keep-alive intervals, which others do not survive: here the silence is of the broker's making.
        for (int i = 0; i < 2; i++)
        {
            using var idle = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V311, "idle", keepAlive: 60);
            time.Advance(TimeSpan.FromSeconds(100));
            await idle.ReadToEndAsync();
        }

        held.Count.ShouldBe(3);
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 1);
        for (int i = 0; i < 10; i++)
        {
            int index = i;
            await Eventually.True(() => held.Count > index);
            held.Messages[index].Acknowledgement.Complete();
            var (type, body) = await peer.ReadPacketAsync();
            AcknowledgePacket.Read(type, body, MqttProtocolVersion.V311).PacketId.ShouldBe((ushort)(index + 1));
        }
    }

    [Fact]
    public async Task Subscribe_HandlerThatWaits_PausesItsPublisherOnly()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var gate = new TaskCompletionSource();
        var inbox = new Inbox();
        using var subscription = fixture.Broker.Subscribe("slow/#", (in MqttIncoming message) =>
        {
            inbox.Keep(message);
            return message.TopicUtf8.SequenceEqual("slow/1"u8) ? new ValueTask(gate.Task) : default;
        });
        var slow = await fixture.ConnectAsync();
        var quick = await fixture.ConnectAsync();
        var waiting = slow.PublishAsync("slow/1", "a"u8.ToArray(), MqttQualityOfService.AtLeastOnce).AsTask();
        await Eventually.True(() => inbox.Count == 1);
        var next = slow.PublishAsync("slow/2", "b"u8.ToArray(), MqttQualityOfService.AtLeastOnce).AsTask();
        await quick.PublishAsync("slow/2", "c"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        inbox.Texts.ShouldBe(["a", "c"]);
        waiting.IsCompleted.ShouldBeFalse();
        gate.SetResult();
        await Eventually.Within(Task.WhenAll(waiting, next));
        inbox.Texts.ShouldBe(["a", "c", "b"]);
    }

    [Fact]
    public async Task Hook_Throws_IsLoggedAndTheMessageIsAcknowledged()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var hook = fixture.Broker.AddPublishHook((in MqttIncoming _) => throw new InvalidOperationException("broken hook"));
        using var subscription = fixture.Broker.Subscribe("a", (in MqttIncoming _) => throw new InvalidOperationException("broken"), true);
        var client = await fixture.ConnectAsync();
        await Eventually.Within(client.PublishAsync("a", default, MqttQualityOfService.AtLeastOnce).AsTask());
        fixture.Broker.Counters.HandlerFailures.ShouldBe(2);
        fixture.Log.Warnings.ShouldContain(line => line.Contains("'a'"));
    }

    [Fact]
    public async Task AddPublishHook_MoreThanHolders_IsRefusedUntilOneIsDisposed()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var hooks = Enumerable.Range(0, AcknowledgementSequencer.MaxHolders).Select(_ => fixture.Broker.AddPublishHook((in MqttIncoming _) => MqttPublishDecision.Continue)).ToArray();
        Should.Throw<InvalidOperationException>(() => fixture.Broker.Subscribe("a", new Inbox().Take, manualAcknowledgement: true));
        hooks[0].Dispose();
        hooks[0].Dispose();
        fixture.Broker.Subscribe("a", new Inbox().Take, manualAcknowledgement: true).Dispose();
    }
}

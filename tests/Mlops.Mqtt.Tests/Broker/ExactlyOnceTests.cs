using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Broker;

public class ExactlyOnceTests
{
    private const byte ExactlyOnce = 4;

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V5)]
    public async Task Publish_RepeatedBeforePubRel_IsHandedOnOnceAndAcknowledgedTwice(MqttProtocolVersion version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var inbox = new Inbox();
        using var subscription = fixture.Broker.Subscribe("a", inbox.Take);
        using var peer = await RawPeer.OpenAsync(fixture.Port, version, "press");
        await peer.PublishAsync(version, "a", "x"u8.ToArray(), 7, ExactlyOnce);
        await peer.PublishAsync(version, "a", "x"u8.ToArray(), 7, ExactlyOnce | PublishFlags.Duplicate);
        (await ReadAsync(peer, version)).ShouldBe((PacketType.PubRec, 7, MqttReasonCode.Success));
        (await ReadAsync(peer, version)).ShouldBe((PacketType.PubRec, 7, MqttReasonCode.Success));
        await peer.SendAsync(0x62, 2, 0, 7);
        (await ReadAsync(peer, version)).ShouldBe((PacketType.PubComp, 7, MqttReasonCode.Success));
        await peer.PublishAsync(version, "a", "y"u8.ToArray(), 7, ExactlyOnce);
        (await ReadAsync(peer, version)).ShouldBe((PacketType.PubRec, 7, MqttReasonCode.Success));
        inbox.Texts.ShouldBe(["x", "y"]);
    }

    [Fact]
    public async Task PubRel_UnknownIdentifier_IsCompletedAndSaysSo()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "press");
        await peer.SendAsync(0x62, 2, 0, 9);
        (await ReadAsync(peer, MqttProtocolVersion.V5)).ShouldBe((PacketType.PubComp, 9, MqttReasonCode.PacketIdentifierNotFound));
        await peer.SendAsync(0x50, 2, 0, 9);
        (await ReadAsync(peer, MqttProtocolVersion.V5)).ShouldBe((PacketType.PubRel, 9, MqttReasonCode.PacketIdentifierNotFound));
    }

    [Fact]
    public async Task Hold_ExactlyOnce_PubRecWaits()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var hook = fixture.HoldPublishes(out var held);
        var client = await fixture.ConnectAsync();
        var publish = client.PublishAsync("a", "x"u8.ToArray(), MqttQualityOfService.ExactlyOnce).AsTask();
        await Eventually.True(() => held.Count == 1);
        // A whole exchange on the same connection shows that nothing is on its way.
        await client.SubscribeAsync("b", MqttQualityOfService.AtMostOnce, new Inbox().Take);
        publish.IsCompleted.ShouldBeFalse();
        held.Messages[0].Acknowledgement.Complete();
        await Eventually.Within(publish);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hold_ClientGoneAndBack_RepetitionWaitsForTheFirstHoldAndIsNotHandedOn(bool releasedWhileAway)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var hook = fixture.HoldPublishes(out var held);
        using var first = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "press", cleanStart: false, expiry: 60);
        await first.PublishAsync(MqttProtocolVersion.V5, "a", "1"u8.ToArray(), 7, ExactlyOnce);
        await Eventually.True(() => held.Count == 1);
        first.Dispose();
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
        if (releasedWhileAway)
            held.Messages[0].Acknowledgement.Complete();
        using var second = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "press", cleanStart: false, expiry: 60);
        await second.PublishAsync(MqttProtocolVersion.V5, "a", "1"u8.ToArray(), 7, ExactlyOnce | PublishFlags.Duplicate);
        if (!releasedWhileAway)
        {
            await second.SendAsync(0xC0, 0);
            (await second.ReadPacketAsync()).First.ShouldBe((byte)0xD0);
            held.Messages[0].Acknowledgement.Complete();
        }

        (await ReadAsync(second, MqttProtocolVersion.V5)).ShouldBe((PacketType.PubRec, 7, MqttReasonCode.Success));
        held.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Deliver_SubscriberGoneAfterPubRec_PubRelIsSentAgainAndNotTheMessage()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var first = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "panel", cleanStart: false, expiry: 60);
        await first.SendAsync(SubscribePacket.Write(1, 0, "a", new SubscriptionOptions(MqttQualityOfService.ExactlyOnce), MqttProtocolVersion.V5));
        await first.ReadPacketAsync();
        await fixture.Broker.PublishAsync("a", "1"u8.ToArray(), MqttQualityOfService.ExactlyOnce);
        await fixture.Broker.PublishAsync("a", "2"u8.ToArray(), MqttQualityOfService.ExactlyOnce);
        (await first.ReadPacketAsync()).First.ShouldBe((byte)0x34);
        (await first.ReadPacketAsync()).First.ShouldBe((byte)0x34);
        await first.SendAsync(0x50, 2, 0, 1);
        (await ReadAsync(first, MqttProtocolVersion.V5)).ShouldBe((PacketType.PubRel, 1, MqttReasonCode.Success));
        first.Dispose();
        using var second = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "panel", cleanStart: false, expiry: 60);
        (await ReadAsync(second, MqttProtocolVersion.V5)).ShouldBe((PacketType.PubRel, 1, MqttReasonCode.Success));
        (await second.ReadPacketAsync()).First.ShouldBe((byte)0x3C);
        await second.SendAsync(0x70, 2, 0, 1);
        await second.SendAsync(0x50, 2, 0, 2);
        (await ReadAsync(second, MqttProtocolVersion.V5)).ShouldBe((PacketType.PubRel, 2, MqttReasonCode.Success));
    }

    [Fact]
    public async Task Publish_MoreThanReceiveMaximumOf5_ClosesWithTheReason()
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.ReceiveMaximum = 2);
        using var peer = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "eager");
        for (ushort id = 1; id <= 3; id++)
            await peer.PublishAsync(MqttProtocolVersion.V5, "a", [], id, ExactlyOnce);
        var last = await peer.ReadToEndAsync();
        DisconnectPacket.Read(last!.Value.First, last.Value.Body, MqttProtocolVersion.V5).Reason.ShouldBe(MqttReasonCode.ReceiveMaximumExceeded);
    }

    private static async Task<(PacketType Type, int Id, MqttReasonCode Reason)> ReadAsync(RawPeer peer, MqttProtocolVersion version)
    {
        var (first, body) = await peer.ReadPacketAsync();
        var packet = AcknowledgePacket.Read(first, body, version);
        return ((PacketType)(first >> 4), packet.PacketId, packet.Reason);
    }
}

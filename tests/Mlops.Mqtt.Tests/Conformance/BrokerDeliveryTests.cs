using System.Text;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Tests.Broker;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Conformance;

/// <summary>Messages on their way to clients, seen from the wire (MQTT 5, sections 3.3 and 4.3 to 4.9).</summary>
public class BrokerDeliveryTests
{
    private const MqttProtocolVersion V5 = MqttProtocolVersion.V5, V311 = MqttProtocolVersion.V311;
    private const MqttQualityOfService Zero = MqttQualityOfService.AtMostOnce, One = MqttQualityOfService.AtLeastOnce, Two = MqttQualityOfService.ExactlyOnce;

    public static TheoryData<MqttProtocolVersion> Versions => [V311, V5];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Deliver_EachQualityToEachMaximum_IsTheLowerAndNeverADuplicate(MqttProtocolVersion version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var publisher = await RawPeer.OpenAsync(fixture.Port, version, "publisher");
        foreach (var maximum in Enum.GetValues<MqttQualityOfService>())
        {
            using var subscriber = await RawPeer.OpenAsync(fixture.Port, version, "subscriber");
            ((int)await subscriber.SubscribeAsync(version, "a", new SubscriptionOptions(maximum))).ShouldBe((int)maximum);
            foreach (var quality in Enum.GetValues<MqttQualityOfService>())
            {
                // The publisher's own mark for repetitions does not travel on [3.3.1-3].
                byte flags = (byte)(((int)quality << 1) | (quality == Zero ? 0 : PublishFlags.Duplicate));
                await publisher.PublishAsync(version, "a", "x"u8.ToArray(), (ushort)((10 * (int)maximum) + (int)quality), flags);
                var message = await subscriber.ReadPublishAsync(version);
                (message.QualityOfService, message.Duplicate, message.Retain).ShouldBe((quality < maximum ? quality : maximum, false, false));
            }
        }
    }

    [Fact]
    public async Task Deliver_ReceiveMaximumOfTheClient_IsNeverExceededAndFreedByPubAckAndPubComp()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var (peer, _) = await RawPeer.OpenAsync(fixture.Port, new ConnectPacket { Version = V5, ClientId = "x", CleanStart = true, ReceiveMaximum = 2 });
        using var opened = peer;
        await peer.SubscribeAsync(V5, "a", new SubscriptionOptions(Two));
        foreach (var quality in new[] { One, Two, One, Two })
            await fixture.Broker.PublishAsync("a", Encoding.UTF8.GetBytes($"{(int)quality}"), quality);
        var first = await peer.ReadPublishAsync(V5);
        var second = await peer.ReadPublishAsync(V5);
        (first.QualityOfService, second.QualityOfService).ShouldBe((One, Two));
        await peer.ExpectNothingAsync();
        await peer.SendAsync(0x50, 2, 0, (byte)second.PacketId);
        (await peer.ReadPacketAsync()).First.ShouldBe((byte)0x62);
        await peer.ExpectNothingAsync();
        await peer.SendAsync(0x40, 2, 0, (byte)first.PacketId);
        (await peer.ReadPublishAsync(V5)).QualityOfService.ShouldBe(One);
        await peer.ExpectNothingAsync();
        await peer.SendAsync(0x70, 2, 0, (byte)second.PacketId);
        (await peer.ReadPublishAsync(V5)).QualityOfService.ShouldBe(Two);
    }

    [Fact]
    public async Task Deliver_QualityZeroWhileTheWindowIsFull_IsNotCounted()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var (peer, _) = await RawPeer.OpenAsync(fixture.Port, new ConnectPacket { Version = V5, ClientId = "x", CleanStart = true, ReceiveMaximum = 1 });
        using var opened = peer;
        await peer.SubscribeAsync(V5, "a", new SubscriptionOptions(Two));
        await fixture.Broker.PublishAsync("a", "1"u8.ToArray(), One);
        for (int i = 0; i < 3; i++)
            await fixture.Broker.PublishAsync("a", "0"u8.ToArray());
        (await peer.ReadPublishAsync(V5)).Text.ShouldBe("1");
        for (int i = 0; i < 3; i++)
            (await peer.ReadPublishAsync(V5)).Text.ShouldBe("0");
    }

    [Fact]
    public async Task Deliver_LargerThanTheClientTakes_IsLeftOutAndCountsAsDelivered()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var connect = new ConnectPacket { Version = V5, ClientId = "x", SessionExpirySeconds = 60, MaximumPacketSize = 40 };
        var (peer, _) = await RawPeer.OpenAsync(fixture.Port, connect);
        await peer.SubscribeAsync(V5, "a", new SubscriptionOptions(Two));
        foreach (int length in new[] { 10, 40, 34, 32, 11 })
            await fixture.Broker.PublishAsync("a", new byte[length], One);
        // 32 is the most: fixed header 2, topic 3, identifier 2, properties 1.
        foreach (int length in new[] { 10, 32, 11 })
            (await peer.ReadPublishAsync(V5)).Text.Length.ShouldBe(length);
        peer.Dispose();
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
        var (again, answer) = await RawPeer.OpenAsync(fixture.Port, connect with { MaximumPacketSize = 0 });
        using var opened = again;
        answer.SessionPresent.ShouldBeTrue();
        foreach (int length in new[] { 10, 32, 11 })
            (await again.ReadPublishAsync(V5)).ShouldSatisfyAllConditions(message => message.Text.Length.ShouldBe(length), message => message.Duplicate.ShouldBeTrue());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Unsubscribe_MessageInFlight_IsStillFinished(MqttProtocolVersion version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await RawPeer.OpenAsync(fixture.Port, version, "x", cleanStart: false, expiry: 60);
        await peer.SubscribeAsync(version, "a", new SubscriptionOptions(Two));
        await fixture.Broker.PublishAsync("a", "1"u8.ToArray(), Two);
        var message = await peer.ReadPublishAsync(version);
        await peer.SendAsync(UnsubscribePacket.Write(9, "a", version));
        var (first, body) = await peer.ReadPacketAsync();
        (first, body.Length).ShouldBe(((byte)0xB0, version == V5 ? 4 : 2));
        await fixture.Broker.PublishAsync("a", "2"u8.ToArray(), Two);
        peer.Dispose();
        using var again = await RawPeer.OpenAsync(fixture.Port, version, "x", cleanStart: false, expiry: 60);
        (await again.ReadPublishAsync(version)).ShouldSatisfyAllConditions(
            repeated => repeated.PacketId.ShouldBe(message.PacketId), repeated => repeated.Duplicate.ShouldBeTrue(), repeated => repeated.Text.ShouldBe("1"));
        await again.SendAsync(0x50, 2, 0, (byte)message.PacketId);
        (await again.ReadPacketAsync()).First.ShouldBe((byte)0x62);
        await again.SendAsync(0x70, 2, 0, (byte)message.PacketId);
        await again.ExpectNothingAsync();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Session_ComesBack_SendsAgainInTheFirstOrderAndThenWhatCameMeanwhile(MqttProtocolVersion version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using (var peer = await RawPeer.OpenAsync(fixture.Port, version, "x", cleanStart: false, expiry: 60))
        {
            await peer.SubscribeAsync(version, "a", new SubscriptionOptions(Two));
            for (int i = 0; i < 6; i++)
                await fixture.Broker.PublishAsync("a", Encoding.UTF8.GetBytes($"{i}"), i % 2 == 0 ? One : Two);
            for (int i = 0; i < 6; i++)
                (await peer.ReadPublishAsync(version)).Text.ShouldBe($"{i}");
            await peer.SendAsync(0x40, 2, 0, 3);
        }

        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
        await fixture.Broker.PublishAsync("a", "0"u8.ToArray());
        await fixture.Broker.PublishAsync("a", "6"u8.ToArray(), One);
        using var again = await RawPeer.OpenAsync(fixture.Port, version, "x", cleanStart: false, expiry: 60);
        foreach (int i in new[] { 0, 1, 3, 4, 5, 6 })
            (await again.ReadPublishAsync(version)).ShouldSatisfyAllConditions(message => message.Text.ShouldBe($"{i}"), message => message.Duplicate.ShouldBe(i < 6), message => message.PacketId.ShouldBe((ushort)(i + 1)));
        await again.ExpectNothingAsync();
    }

    [Fact]
    public async Task UserProperties_LiveRetainedQueuedAndOfAWill_KeepTheirOrder()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        MqttUserProperty[] wanted = [new("c", "3"), new("a", "1"), new("c", "3"), new("b", "")];
        byte[] encoded = new PacketBuilder().UserProperties(wanted).ToArray();
        using (var peer = await RawPeer.OpenAsync(fixture.Port, V5, "x", cleanStart: false, expiry: 60))
        {
            await peer.SubscribeAsync(V5, "+", new SubscriptionOptions(One));
            await fixture.Broker.PublishAsync(new MqttMessage { Topic = "live", QualityOfService = One, UserProperties = wanted });
            (await peer.ReadPublishAsync(V5)).Properties.ShouldBe(encoded);
            await peer.SendAsync(0x40, 2, 0, 1);
            await peer.ExpectNothingAsync();
        }

        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
        await fixture.Broker.PublishAsync(new MqttMessage { Topic = "queued", QualityOfService = One, UserProperties = wanted });
        var will = new WillMessage("will", "w"u8.ToArray(), One, true, 0, encoded);
        var (leaving, _) = await RawPeer.OpenAsync(fixture.Port, new ConnectPacket { Version = V5, ClientId = "y", CleanStart = true, Will = will });
        leaving.Dispose();
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
        using var again = await RawPeer.OpenAsync(fixture.Port, V5, "x", cleanStart: false, expiry: 60);
        foreach (string topic in new[] { "queued", "will" })
            (await again.ReadPublishAsync(V5)).ShouldSatisfyAllConditions(message => message.Topic.ShouldBe(topic), message => message.Properties.ShouldBe(encoded));
        using var late = await RawPeer.OpenAsync(fixture.Port, V5, "z");
        await late.SendAsync(SubscribePacket.Write(1, 0, "will", new SubscriptionOptions(One), V5));
        (await late.ReadPacketAsync()).First.ShouldBe((byte)0x90);
        (await late.ReadPublishAsync(V5)).ShouldSatisfyAllConditions(message => message.Retain.ShouldBeTrue(), message => message.Properties.ShouldBe(encoded));
    }

    [Fact]
    public async Task PubAck_NobodyHasSubscribed_SaysSo()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await RawPeer.OpenAsync(fixture.Port, V5, "x");
        await peer.PublishAsync(V5, "a", [], 1, 2);
        (await peer.ReadPacketAsync()).ShouldSatisfyAllConditions(packet => packet.First.ShouldBe((byte)0x40), packet => packet.Body.ShouldBe([0, 1, 0x10]));
        await peer.PublishAsync(V5, "a", [], 2, 4);
        (await peer.ReadPacketAsync()).ShouldSatisfyAllConditions(packet => packet.First.ShouldBe((byte)0x50), packet => packet.Body.ShouldBe([0, 2, 0x10]));
    }

    [Fact]
    public async Task Publish_HeldMessageRepeatedWithoutEnd_EndsWithReceiveMaximumExceeded()
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.ReceiveMaximum = 3);
        using var hook = fixture.Broker.AddPublishHook(static (in MqttIncoming _) => MqttPublishDecision.Hold);
        using var peer = await RawPeer.OpenAsync(fixture.Port, V5, "x");
        for (int i = 0; i < 4; i++)
            await peer.PublishAsync(V5, "a", [], 7, (byte)(i == 0 ? 4 : 4 | PublishFlags.Duplicate));
        var last = await peer.ReadToEndAsync();
        DisconnectPacket.Read(last!.Value.First, last.Value.Body, V5).Reason.ShouldBe(MqttReasonCode.ReceiveMaximumExceeded);
    }
}

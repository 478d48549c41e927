using System.Text;
using Mlops.Mqtt.Tests.Broker;
using Mlops.Mqtt.Tests.Peers;
using static Mlops.Mqtt.Tests.Conformance.Wire.Packets;

namespace Mlops.Mqtt.Tests.Conformance.Wire;

/// <summary>What public test suites ask of a broker of version 5: properties, limits, aliases, flow control, shared subscriptions.</summary>
public class BrokerVersion5ExchangeTests
{
    private const byte ReceiveMaximum = 33, MaximumPacketSize = 39, TopicAliasMaximum = 34, TopicAlias = 35, SessionExpiry = 17, AssignedName = 18;

    [Fact]
    public async Task Properties_OfAMessage_TravelUnchangedLiveQueuedAndRetained()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        byte[] properties =
        [
            1, 1, .. Property(3, "application/json"), .. Property(8, "answers/4"), 9, 0, 3, 0, 0xFF, 7,
            .. UserProperty("b", ""), .. UserProperty("a", "1"), .. UserProperty("b", "2"),
        ];
        using var peer = await Peer.OpenAsync(fixture.Port, 5, "x", properties: Property(SessionExpiry, 60u));
        await peer.SubscribeAsync("orders/+", 2);
        using var publisher = await Peer.OpenAsync(fixture.Port, 5, "y");
        for (int quality = 0; quality <= 2; quality++)
        {
            await publisher.PublishAsync("orders/4", "{}", quality, retain: quality == 2, properties);
            (await peer.TakeAsync()).Properties.ShouldBe(properties);
        }

        peer.Dispose();
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 1);
        await publisher.PublishAsync("orders/5", "{}", 1, properties: properties);
        using var again = await Peer.OpenAsync(fixture.Port, 5, "x", clean: false, present: true);
        (await again.TakeAsync()).Properties.ShouldBe(properties);
        await again.SubscribeAsync("orders/+", 2);
        (await again.TakeAsync()).ShouldSatisfyAllConditions(message => message.Properties.ShouldBe(properties), message => message.Retain.ShouldBeTrue());
    }

    [Fact]
    public async Task Properties_OfEveryPacketThatAClientSends_AreTaken()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        byte[] user = UserProperty("a", "1"), said = [.. Property(31, "why"), .. user];
        byte[] connect = [.. Property(SessionExpiry, 10u), .. Property(ReceiveMaximum, (ushort)9), .. Property(MaximumPacketSize, 1000u), .. Property(TopicAliasMaximum, (ushort)9), 25, 1, 23, 1, .. user];
        using var peer = await Peer.OpenAsync(fixture.Port, 5, "x", properties: connect);
        await peer.SendAsync(Subscribe(5, 3, [.. SubscriptionId(4), .. user, .. user], ("a", 2)));
        await peer.ExpectAsync(0x90, 0, 3, 0, 2);
        await fixture.Broker.PublishAsync("a", default, MqttQualityOfService.ExactlyOnce);
        var message = await peer.ReadMessageAsync();
        message.Properties.ShouldBe([11, 4]);
        byte[] id = Number((ushort)message.Id);
        await peer.SendAsync(Packet(0x50, [.. id, 0, (byte)said.Length, .. said]));
        await peer.ExpectAsync(0x62, id);
        await peer.SendAsync(Packet(0x70, [.. id, 0, (byte)said.Length, .. said]));
        await peer.SendAsync(Packet(0xA2, [0, 9, (byte)user.Length, .. user, .. Text("a")]));
        await peer.ExpectAsync(0xB0, 0, 9, 0, 0);
        await peer.SendAsync(Packet(0xE0, [0, (byte)(said.Length + 5), .. Property(SessionExpiry, 0u), .. said]));
        await peer.ExpectClosedAsync();
        await Eventually.True(() => fixture.Broker.Counters.Sessions == 0);
        fixture.Log.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Connect_WithoutAName_TheAssignedOneResumesTheSession()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var first = await Peer.OpenAsync(fixture.Port, 5, "", clean: false, properties: Property(SessionExpiry, 60u));
        int at = Array.IndexOf(first.Accepted, AssignedName, 3);
        string name = Encoding.UTF8.GetString(first.Accepted, at + 3, first.Accepted[at + 2]);
        name.ShouldNotBeEmpty();
        first.Dispose();
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
        (await Peer.OpenAsync(fixture.Port, 5, name, clean: false, present: true)).Dispose();
    }

    [Fact]
    public async Task Aliases_OfTheClient_AreSetUsedChangedAndForgotten()
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.TopicAliasMaximum = 2);
        var inbox = new Inbox();
        using var all = fixture.Broker.Subscribe("#", inbox.Take);
        using (var peer = await Peer.OpenAsync(fixture.Port, 5, "x", properties: Property(SessionExpiry, 60u)))
        {
            await peer.PublishAsync("first", "1", 0, properties: Property(TopicAlias, (ushort)2));
            await peer.PublishAsync("", "2", 1, properties: Property(TopicAlias, (ushort)2));
            await peer.PublishAsync("second", "3", 2, properties: Property(TopicAlias, (ushort)2));
            await peer.PublishAsync("", "4", 2, properties: Property(TopicAlias, (ushort)2));
            await peer.PublishAsync("first", "5", 1);
        }

        inbox.Messages.Select(message => (message.Topic, message.Text)).ShouldBe([("first", "1"), ("first", "2"), ("second", "3"), ("second", "4"), ("first", "5")]);
        foreach (var (alias, reason) in new[] { (2, 0x82), (3, 0x94), (0, 0x94) })
        {
            using var again = await Peer.OpenAsync(fixture.Port, 5, "x", clean: false, properties: Property(SessionExpiry, 60u), present: true);
            await again.SendAsync(Publish(5, "", "x", properties: Property(TopicAlias, (ushort)alias)));
            await again.ExpectClosedAsync((byte)reason);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Aliases_TowardsTheClient_StayWithinItsMaximumAndNameTheRightTopic(int maximum)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await Peer.OpenAsync(fixture.Port, 5, "x", properties: maximum == 0 ? null : Property(TopicAliasMaximum, (ushort)maximum));
        await peer.SubscribeAsync("#", 0);
        string?[] names = new string?[maximum + 1];
        for (int i = 0; i < 40; i++)
        {
            string topic = $"plant/line/{i * 7 % 5}";
            await fixture.Broker.PublishAsync(topic, "x"u8.ToArray());
            var message = await peer.ReadMessageAsync();
            if (message.Properties is [TopicAlias, var high, var low])
            {
                int alias = (high << 8) | low;
                alias.ShouldBeInRange(1, maximum);
                if (message.Topic.Length > 0)
                    names[alias] = message.Topic;
                names[alias].ShouldBe(topic);
            }
            else
            {
                message.Topic.ShouldBe(topic);
            }
        }
    }

    [Fact]
    public async Task PacketSize_OfTheBroker_IsTakenToTheLastByteAndNotOneMore()
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.MaxPacketSize = 1000);
        using var peer = await Peer.OpenAsync(fixture.Port, 5, "x");
        byte[] largest = Publish(5, "a", new string('x', 1000 - 3 - 3 - 1));
        largest.Length.ShouldBe(1000);
        await peer.SendAsync(largest);
        await peer.ExpectNothingAsync();
        await peer.SendAsync(Publish(5, "a", new string('x', 1000 - 3 - 3)));
        await peer.ExpectClosedAsync(0x95);
    }

    [Fact]
    public async Task PacketSize_OfTheClient_WhatIsLargerIsLeftOutAndTheRestComes()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await Peer.OpenAsync(fixture.Port, 5, "x", properties: Property(MaximumPacketSize, 64u));
        await peer.SubscribeAsync("a", 2);
        for (int quality = 0; quality <= 2; quality++)
        {
            await fixture.Broker.PublishAsync("a", new byte[64], (MqttQualityOfService)quality);
            await fixture.Broker.PublishAsync("a", "."u8.ToArray(), (MqttQualityOfService)quality);
            (await peer.TakeAsync()).Payload.ShouldBe(".");
        }

        await peer.ExpectNothingAsync();
    }

    [Fact]
    public async Task FlowControl_OfTheBroker_OneMessageBeyondItEndsTheConnection()
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.ReceiveMaximum = 3);
        using var peer = await Peer.OpenAsync(fixture.Port, 5, "x");
        int at = Array.IndexOf(peer.Accepted, ReceiveMaximum, 3);
        peer.Accepted[at..(at + 3)].ShouldBe([ReceiveMaximum, 0, 3]);
        for (ushort id = 1; id <= 3; id++)
        {
            await peer.SendAsync(Publish(5, "a", "x", 2, id));
            (await peer.ReadAsync()).First.ShouldBe((byte)0x50);
        }

        // One that is over gives its place back; QoS 0 takes none.
        await peer.SendAsync(Answer(0x62, 2), Publish(5, "a", "x"), Publish(5, "a", "x", 2, 2));
        (await peer.ReadAsync()).First.ShouldBe((byte)0x70);
        (await peer.ReadAsync()).First.ShouldBe((byte)0x50);
        await peer.SendAsync(Publish(5, "a", "x", 2, 4));
        await peer.ExpectClosedAsync(0x93);
    }

    [Fact]
    public async Task FlowControl_OfTheClient_OneMessageAtATime()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await Peer.OpenAsync(fixture.Port, 5, "x", properties: Property(ReceiveMaximum, (ushort)1));
        await peer.SubscribeAsync("a", 2);
        for (int i = 0; i < 10; i++)
            await fixture.Broker.PublishAsync("a", Encoding.UTF8.GetBytes($"{i}"), (MqttQualityOfService)(1 + (i % 2)));
        for (int i = 0; i < 10; i++)
        {
            var message = await peer.ReadMessageAsync();
            message.Payload.ShouldBe($"{i}");
            await peer.ExpectNothingAsync();
            if (message.Quality == 2)
            {
                await peer.SendAsync(Answer(0x50, message.Id));
                await peer.ExpectAsync(0x62, Number((ushort)message.Id));
                await peer.ExpectNothingAsync();
            }

            await peer.SendAsync(Answer((byte)(message.Quality == 2 ? 0x70 : 0x40), message.Id));
        }
    }

    [Fact]
    public async Task SubscriptionIds_OverlappingReplacedAndRetained_AreThoseOfTheMatchingSubscriptions()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.PublishAsync("a/b", "kept"u8.ToArray(), retain: true);
        using var peer = await Peer.OpenAsync(fixture.Port, 5, "x");
        await peer.SendAsync(Subscribe(5, 2, SubscriptionId(456_789), ("a/#", 0), ("b", 0)));
        await peer.ExpectAsync(0x90, 0, 2, 0, 0, 0);
        (await peer.ReadMessageAsync()).Properties.ShouldBe(SubscriptionId(456_789));
        await peer.SubscribeAsync("a/+", 0x20, SubscriptionId(1));
        await fixture.Broker.PublishAsync("a/b", default);
        string both = Convert.ToHexString((await peer.ReadMessageAsync()).Properties);
        both.ShouldBeOneOf(Convert.ToHexString([.. SubscriptionId(456_789), .. SubscriptionId(1)]), Convert.ToHexString([.. SubscriptionId(1), .. SubscriptionId(456_789)]));
        await peer.SubscribeAsync("a/#", 0x20);
        await fixture.Broker.PublishAsync("a/b", default);
        (await peer.ReadMessageAsync()).Properties.ShouldBe(SubscriptionId(1));
        await fixture.Broker.PublishAsync("b", default);
        (await peer.ReadMessageAsync()).Properties.ShouldBe(SubscriptionId(456_789));
    }

    [Fact]
    public async Task Expiry_OfARetainedMessage_CountsDownAndEndsIt()
    {
        var time = new ManualTime();
        await using var fixture = await BrokerFixture.StartAsync(time: time);
        using var peer = await Peer.OpenAsync(fixture.Port, 5, "x");
        await peer.PublishAsync("a", "kept", 1, retain: true, Property(2, 100u));
        time.Advance(TimeSpan.FromSeconds(60));
        await peer.SubscribeAsync("a", 0);
        var left = (await peer.ReadMessageAsync()).Properties;
        left[..4].ShouldBe([2, 0, 0, 0]);
        ((int)left[4]).ShouldBeInRange(1, 40);
        time.Advance(TimeSpan.FromSeconds(50));
        await peer.SubscribeAsync("a", 0);
        await peer.ExpectNothingAsync();
    }

    [Fact]
    public async Task KeepAlive_BoundedByTheBroker_IsToldAndObeyed()
    {
        var time = new ManualTime();
        await using var fixture = await BrokerFixture.StartAsync(options => options.MaxKeepAlive = TimeSpan.FromSeconds(20), time: time);
        foreach (ushort asked in new ushort[] { 0, 300 })
        {
            using var peer = await Peer.OpenAsync(fixture.Port, 5, $"asks {asked}", keepAlive: asked);
            int at = Array.IndexOf(peer.Accepted, (byte)19, 3);
            peer.Accepted[at..(at + 3)].ShouldBe([19, 0, 20]);
            time.Advance(TimeSpan.FromSeconds(31));
            await peer.ExpectClosedAsync(0x8D);
        }

        using var content = await Peer.OpenAsync(fixture.Port, 5, "asks 10", keepAlive: 10);
        Array.IndexOf(content.Accepted, (byte)19, 3).ShouldBe(-1);
    }
}

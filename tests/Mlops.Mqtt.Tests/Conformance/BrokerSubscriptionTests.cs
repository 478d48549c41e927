using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Tests.Broker;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Conformance;

/// <summary>Subscriptions, retained messages and topics, seen from the wire (MQTT 5, sections 3.8 to 3.11, 3.3.1.3 and 4.7).</summary>
public class BrokerSubscriptionTests
{
    private const MqttProtocolVersion V5 = MqttProtocolVersion.V5, V311 = MqttProtocolVersion.V311;
    private const MqttQualityOfService Zero = MqttQualityOfService.AtMostOnce, One = MqttQualityOfService.AtLeastOnce;

    public static TheoryData<MqttProtocolVersion> Versions => [V311, V5];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Subscribe_SeveralFilters_OneReasonForEachInTheirOrder(MqttProtocolVersion version)
    {
        await using var fixture = await BrokerFixture.StartAsync(
            prepare: broker => broker.Authorize = static (in MqttAuthorizationContext context) => context.Topic != "secret");
        using var peer = await RawPeer.OpenAsync(fixture.Port, version, "x");
        var packet = new PacketBuilder().UInt16(7);
        if (version == V5)
            packet.BeginProperties().EndProperties();
        await peer.SendAsync(packet.Text("a").Byte(2).Text("secret").Byte(1).Text(new string('/', MqttTopicFilter.MaxLevels)).Byte(0).Text("+/b").Byte(1).Build(PacketType.Subscribe, 2));
        var (first, body) = await peer.ReadPacketAsync();
        first.ShouldBe((byte)0x90);
        body.ShouldBe(version == V5 ? [0, 7, 0, 2, 0x87, 0x8F, 1] : [0, 7, 2, 0x80, 0x80, 1]);
    }

    [Fact]
    public async Task Unsubscribe_KnownAndUnknown_OneReasonForEach()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await RawPeer.OpenAsync(fixture.Port, V5, "x");
        await peer.SubscribeAsync(V5, "a/+", new SubscriptionOptions(Zero));
        await peer.SubscribeAsync(V5, "$share/g/a", new SubscriptionOptions(Zero));
        await peer.SendAsync(new PacketBuilder().UInt16(8).BeginProperties().EndProperties().Text("a/b").Text("a/+").Text("$share/g/a").Build(PacketType.Unsubscribe, 2));
        (await peer.ReadPacketAsync()).Body.ShouldBe([0, 8, 0, 0x11, 0, 0]);
        await fixture.Broker.PublishAsync("a", "x"u8.ToArray());
        await fixture.Broker.PublishAsync("a/b", "x"u8.ToArray());
        await peer.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(MqttRetainHandling.Send, 1, 1)]
    [InlineData(MqttRetainHandling.SendIfNew, 1, 0)]
    [InlineData(MqttRetainHandling.DoNotSend, 0, 0)]
    public async Task RetainHandling_SubscribedTwice_RetainedComeAsAskedFor(MqttRetainHandling handling, int first, int second)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.PublishAsync("a/b", "kept"u8.ToArray(), One, retain: true);
        using var peer = await RawPeer.OpenAsync(fixture.Port, V5, "x");
        foreach (int expected in new[] { first, second })
        {
            await peer.SubscribeAsync(V5, "a/+", new SubscriptionOptions(Zero, RetainHandling: handling), subscriptionId: 5);
            for (int i = 0; i < expected; i++)
            {
                var message = await peer.ReadPublishAsync(V5);
                (message.Text, message.Retain, message.QualityOfService).ShouldBe(("kept", true, Zero));
                message.Properties.ShouldBe([11, 5]);
            }

            await peer.ExpectNothingAsync();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RetainAsPublished_LiveMessages_KeepTheFlagOrLoseIt(bool asPublished)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await RawPeer.OpenAsync(fixture.Port, V5, "x");
        await peer.SubscribeAsync(V5, "a", new SubscriptionOptions(One, RetainAsPublished: asPublished));
        await peer.PublishAsync(V5, "a", "1"u8.ToArray(), flags: PublishFlags.Retain);
        (await peer.ReadPublishAsync(V5)).Retain.ShouldBe(asPublished);
        await peer.PublishAsync(V5, "a", "2"u8.ToArray());
        (await peer.ReadPublishAsync(V5)).Retain.ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Retain_ReplacedAndRemoved_LaterSubscribersGetTheLastOnly(MqttProtocolVersion version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var publisher = await RawPeer.OpenAsync(fixture.Port, version, "publisher");
        foreach (var (text, expected) in new[] { ("1", "1"), ("2", "2"), ("", null) })
        {
            await publisher.PublishAsync(version, "a", System.Text.Encoding.UTF8.GetBytes(text), flags: PublishFlags.Retain);
            // Without the flag nothing changes [3.3.1-8].
            await publisher.PublishAsync(version, "a", "live"u8.ToArray());
            await publisher.ExpectNothingAsync();
            using var late = await RawPeer.OpenAsync(fixture.Port, version, "late");
            await late.SubscribeAsync(version, "#", new SubscriptionOptions(One));
            if (expected is not null)
                (await late.ReadPublishAsync(version)).ShouldSatisfyAllConditions(message => message.Text.ShouldBe(expected), message => message.Retain.ShouldBeTrue());
            await late.ExpectNothingAsync();
        }
    }

    [Fact]
    public async Task Subscribe_SameFilterAgain_ReplacesQualityOptionsAndIdentifier()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await RawPeer.OpenAsync(fixture.Port, V5, "x");
        await peer.SubscribeAsync(V5, "a", new SubscriptionOptions(One), subscriptionId: 268_435_455);
        await fixture.Broker.PublishAsync("a", "1"u8.ToArray(), One);
        (await peer.ReadPublishAsync(V5)).Properties.ShouldBe([11, 0xFF, 0xFF, 0xFF, 0x7F]);
        await peer.SubscribeAsync(V5, "a", new SubscriptionOptions(Zero));
        await fixture.Broker.PublishAsync("a", "2"u8.ToArray(), One);
        (await peer.ReadPublishAsync(V5)).ShouldSatisfyAllConditions(message => message.QualityOfService.ShouldBe(Zero), message => message.Properties.ShouldBeEmpty());
        await peer.ExpectNothingAsync();
    }

    [Fact]
    public async Task NoLocal_TakenUpByTheSession_HoldsForTheNextConnection()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using (var first = await RawPeer.OpenAsync(fixture.Port, V5, "x", cleanStart: false, expiry: 60))
            await first.SubscribeAsync(V5, "a", new SubscriptionOptions(One, NoLocal: true));
        using var second = await RawPeer.OpenAsync(fixture.Port, V5, "x", cleanStart: false, expiry: 60);
        await second.PublishAsync(V5, "a", "own"u8.ToArray());
        await second.ExpectNothingAsync();
        await fixture.Broker.PublishAsync("a", "other"u8.ToArray());
        (await second.ReadPublishAsync(V5)).Text.ShouldBe("other");
    }

    [Theory]
    [InlineData("+/+", "/x", true)]
    [InlineData("/+", "/x", true)]
    [InlineData("+", "/x", false)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/+", "a/", true)]
    [InlineData("a/+", "a", false)]
    [InlineData("ACCOUNTS", "Accounts", false)]
    [InlineData("#", "$x/y", false)]
    [InlineData("+/y", "$x/y", false)]
    [InlineData("$x/#", "$x/y", true)]
    [InlineData("$share/g/#", "$x/y", false)]
    [InlineData("a b/ü", "a b/ü", true)]
    [InlineData("\uFEFFa", "\uFEFFa", true)] // the mark of the byte order belongs to the text [1.5.4-3]
    [InlineData("\uFEFFa", "a", false)]
    [InlineData("a//b", "a/b", false)]
    [InlineData("a/+/b", "a//b", true)]
    public async Task Topic_AgainstFilter_MatchesByTheRules(string filter, string topic, bool matches)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await RawPeer.OpenAsync(fixture.Port, V5, "x");
        await peer.SubscribeAsync(V5, filter, new SubscriptionOptions(Zero));
        await peer.PublishAsync(V5, topic, "x"u8.ToArray());
        if (matches)
            (await peer.ReadPublishAsync(V5)).Topic.ShouldBe(topic);
        await peer.ExpectNothingAsync();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Topic_LongestAndDeepest_PassesUnchanged(MqttProtocolVersion version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await RawPeer.OpenAsync(fixture.Port, version, "x");
        string deep = string.Join('/', Enumerable.Range(0, 1000));
        await peer.SubscribeAsync(version, string.Join('/', Enumerable.Repeat("+", 1000)), new SubscriptionOptions(Zero));
        await peer.SubscribeAsync(version, "long/#", new SubscriptionOptions(Zero));
        foreach (string topic in new[] { deep, "long/" + new string('x', 65_530), "long" + new string('/', 65_531) })
        {
            await peer.PublishAsync(version, topic, "x"u8.ToArray());
            (await peer.ReadPublishAsync(version)).Topic.ShouldBe(topic);
        }
    }
}

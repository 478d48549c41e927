using Mlops.Mqtt.Tests.Broker;
using Mlops.Mqtt.Tests.Peers;
using static Mlops.Mqtt.Tests.Conformance.Wire.Packets;

namespace Mlops.Mqtt.Tests.Conformance.Wire;

/// <summary>What public test suites ask of a broker in both versions: messages of each quality, sessions, wills, retained messages.</summary>
public class BrokerExchangeTests
{
    public static TheoryData<int> Versions => [4, 5];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Connect_ByteByByte_AndAWholeConversationInOneSegment(int version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var slow = await Peer.DialAsync(fixture.Port, version);
        await slow.TrickleAsync([.. Connect(version, "slow"), .. Subscribe(version, 7, null, ("a", 1)), .. Publish(version, "a", "ü", 1, 9)]);
        (await slow.ReadAsync()).First.ShouldBe((byte)0x20);
        (await slow.ReadAsync()).First.ShouldBe((byte)0x90);
        var kinds = new[] { (await slow.ReadAsync()).First, (await slow.ReadAsync()).First };
        kinds.Order().ShouldBe([(byte)0x32, (byte)0x40]);

        var inbox = new Inbox();
        using var watch = fixture.Broker.Subscribe("b", inbox.Take);
        using var quick = await Peer.DialAsync(fixture.Port, version);
        await quick.SendAsync(
            Connect(version, "quick"), Subscribe(version, 7, null, ("a", 0)), Publish(version, "b", "1"), Publish(version, "b", "2"), [0xC0, 0], [0xE0, 0], Publish(version, "b", "3"));
        foreach (byte answer in new byte[] { 0x20, 0x90, 0xD0 })
            (await quick.ReadAsync()).First.ShouldBe(answer);
        await quick.ExpectClosedAsync();
        inbox.Texts.ShouldBe(["1", "2"]);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Publish_EachQualityToOneself_ComesBackOnceInItsOrder(int version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await Peer.OpenAsync(fixture.Port, version, "x");
        await peer.SubscribeAsync("TopicA", 2);
        using var publisher = await Peer.OpenAsync(fixture.Port, version, "y");
        for (int quality = 0; quality <= 2; quality++)
            await publisher.PublishAsync("TopicA", $"qos {quality}", quality);
        for (int quality = 0; quality <= 2; quality++)
        {
            var message = await peer.TakeAsync();
            (message.Payload, message.Quality, message.Retain, message.Duplicate).ShouldBe(($"qos {quality}", quality, false, false));
        }

        // The last packet was PUBCOMP of the third one.
        await peer.ExpectNothingAsync();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Retain_ThreeQualitiesUnderOneWildcard_ComeWithTheirFlagsUntilTheyAreRemoved(int version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        byte[] properties = [.. UserProperty("c", "3"), .. UserProperty("a", "2")];
        using (var publisher = await Peer.OpenAsync(fixture.Port, version, "publisher"))
        {
            for (int quality = 0; quality <= 2; quality++)
                await publisher.PublishAsync($"TopicA/{quality}", $"{quality}", quality, retain: true, properties);
            await publisher.SendAsync([0xE0, 0]);
        }

        using var late = await Peer.OpenAsync(fixture.Port, version, "late");
        await late.SubscribeAsync("+/+", 2);
        var got = new List<Peer.Message>();
        for (int i = 0; i < 3; i++)
            got.Add(await late.TakeAsync());
        got.Select(message => (message.Topic, message.Payload, message.Quality)).Order().ShouldBe([("TopicA/0", "0", 0), ("TopicA/1", "1", 1), ("TopicA/2", "2", 2)]);
        got.ShouldAllBe(message => message.Retain && Convert.ToHexString(message.Properties) == (version == 5 ? Convert.ToHexString(properties) : ""));
        // Subscribing again brings them again, with the quality of the new subscription.
        await late.SubscribeAsync("+/+", 0);
        for (int i = 0; i < 3; i++)
            (await late.ReadMessageAsync()).ShouldSatisfyAllConditions(message => message.Quality.ShouldBe(0), message => message.Retain.ShouldBeTrue());
        for (int quality = 0; quality <= 2; quality++)
            await late.SendAsync(Publish(version, $"TopicA/{quality}", "", retain: true));
        for (int i = 0; i < 3; i++)
            (await late.ReadMessageAsync()).ShouldSatisfyAllConditions(message => message.Payload.ShouldBe(""), message => message.Retain.ShouldBeFalse());
        await late.SubscribeAsync("+/+", 0);
        await late.ExpectNothingAsync();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Session_ClientIsAway_AcknowledgedQualitiesWaitAndTheOtherDoesNot(int version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        byte[] keep = Property(17, 3600u);
        using (var first = await Peer.OpenAsync(fixture.Port, version, "away", clean: false, properties: keep))
        {
            await first.SubscribeAsync("+/+", 2);
            await first.SendAsync([0xE0, 0]);
            await first.ExpectClosedAsync();
        }

        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
        using (var publisher = await Peer.OpenAsync(fixture.Port, version, "publisher"))
        {
            for (int quality = 0; quality <= 2; quality++)
                await publisher.PublishAsync($"TopicA/{quality}", $"{quality}", quality);
        }

        using (var second = await Peer.OpenAsync(fixture.Port, version, "away", clean: false, properties: keep, present: true))
        {
            (await second.TakeAsync()).Payload.ShouldBe("1");
            (await second.TakeAsync()).Payload.ShouldBe("2");
            await second.ExpectNothingAsync();
        }

        // A clean start forgets the session, for those behind it too.
        (await Peer.OpenAsync(fixture.Port, version, "away", clean: true)).Dispose();
        using var third = await Peer.OpenAsync(fixture.Port, version, "away", clean: false, properties: keep, present: false);
        await third.PublishAsync("TopicA/1", "x", 0);
        await third.ExpectNothingAsync();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Session_NothingWasAnswered_IsSentAgainMarkedInTheSameOrder(int version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        byte[] keep = Property(17, 3600u);
        int[] ids;
        using (var first = await Peer.OpenAsync(fixture.Port, version, "x", clean: false, properties: keep))
        {
            await first.SubscribeAsync("TopicA/#", 2);
            await fixture.Broker.PublishAsync("TopicA/B", "1"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
            await fixture.Broker.PublishAsync("TopicA/C", "2"u8.ToArray(), MqttQualityOfService.ExactlyOnce);
            ids = [(await first.ReadMessageAsync()).Id, (await first.ReadMessageAsync()).Id];
        }

        using var second = await Peer.OpenAsync(fixture.Port, version, "x", clean: false, properties: keep, present: true);
        foreach (int id in ids)
            (await second.TakeAsync()).ShouldSatisfyAllConditions(message => message.Id.ShouldBe(id), message => message.Duplicate.ShouldBeTrue());
        await second.ExpectNothingAsync();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Will_ConnectionBreaksOrBreaksTheRules_IsPublishedAsItWasLeft(int version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        byte[] properties = [.. Property(3, "text/plain"), .. UserProperty("b", "2"), .. UserProperty("a", "1")];
        using var watch = await Peer.OpenAsync(fixture.Port, version, "watch");
        await watch.SubscribeAsync("gone/#", 2);
        for (int quality = 0; quality <= 2; quality++)
        {
            var will = new Will($"gone/{quality}", "client not disconnected"u8.ToArray(), quality, Retain: true, properties);
            var peer = await Peer.OpenAsync(fixture.Port, version, $"x{quality}", will: will);
            if (quality == 1)
                await peer.SendAsync([0x36, 0]);
            peer.Dispose();
            var message = await watch.TakeAsync();
            (message.Topic, message.Payload, message.Quality, message.Retain).ShouldBe(($"gone/{quality}", "client not disconnected", quality, false));
            message.Properties.ShouldBe(version == 5 ? properties : []);
        }

        // A second connection of the name breaks the first one; a farewell removes the will.
        using var older = await Peer.OpenAsync(fixture.Port, version, "twice", will: new Will("gone/taken", []));
        using var newer = await Peer.OpenAsync(fixture.Port, version, "twice", will: new Will("gone/never", []));
        await older.ExpectClosedAsync(0x8E);
        (await watch.ReadMessageAsync()).Topic.ShouldBe("gone/taken");
        await newer.SendAsync([0xE0, 0]);
        await newer.ExpectClosedAsync();
        await watch.ExpectNothingAsync();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Will_SilenceForOneAndAHalfKeepAlives_IsPublished(int version)
    {
        var time = new ManualTime();
        await using var fixture = await BrokerFixture.StartAsync(time: time);
        using var watch = await Peer.OpenAsync(fixture.Port, version, "watch");
        await watch.SubscribeAsync("gone", 1);
        using var silent = await Peer.OpenAsync(fixture.Port, version, "silent", keepAlive: 60, will: new Will("gone", "keepalive expiry"u8.ToArray(), 1));
        time.Advance(TimeSpan.FromSeconds(80));
        await silent.ExpectNothingAsync();
        time.Advance(TimeSpan.FromSeconds(91));
        await silent.ExpectClosedAsync(0x8D);
        (await watch.TakeAsync()).Payload.ShouldBe("keepalive expiry");
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Subscribe_OverlappingInOnePacket_HighestQualityOrOneEach(int version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await Peer.OpenAsync(fixture.Port, version, "x");
        await peer.SendAsync(Subscribe(version, 3, null, ("TopicA/#", 2), ("TopicA/+", 1)));
        await peer.ExpectAsync(0x90, version == 5 ? [0, 3, 0, 2, 1] : [0, 3, 2, 1]);
        await fixture.Broker.PublishAsync("TopicA/C", "overlapping"u8.ToArray(), MqttQualityOfService.ExactlyOnce);
        (await peer.TakeAsync()).Quality.ShouldBe(2);
        await peer.ExpectNothingAsync();
        await peer.SendAsync(Unsubscribe(version, 4, "TopicA/#", "none"));
        await peer.ExpectAsync(0xB0, version == 5 ? [0, 4, 0, 0, 0x11] : [0, 4]);
        await fixture.Broker.PublishAsync("TopicA/C", "one left"u8.ToArray(), MqttQualityOfService.ExactlyOnce);
        (await peer.TakeAsync()).Quality.ShouldBe(1);
        await peer.SendAsync(Unsubscribe(version, 5, "TopicA/+"));
        await peer.ExpectAsync(0xB0, version == 5 ? [0, 5, 0, 0] : [0, 5]);
        await fixture.Broker.PublishAsync("TopicA/C", default, MqttQualityOfService.ExactlyOnce);
        await peer.ExpectNothingAsync();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Subscribe_HundredsOfFiltersInOnePacket_EachIsGranted(int version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await Peer.OpenAsync(fixture.Port, version, "x");
        (string, byte)[] filters = [.. Enumerable.Range(0, 600).Select(i => ($"line/{i}/+", (byte)(i % 3)))];
        await peer.SendAsync(Subscribe(version, 3, null, filters));
        var (first, body) = await peer.ReadAsync();
        first.ShouldBe((byte)0x90);
        body[(version == 5 ? 3 : 2)..].ShouldBe(filters.Select(one => one.Item2));
        await fixture.Broker.PublishAsync("line/599/x", "last"u8.ToArray(), MqttQualityOfService.ExactlyOnce);
        (await peer.ReadMessageAsync()).ShouldSatisfyAllConditions(message => message.Payload.ShouldBe("last"), message => message.Quality.ShouldBe(2));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Answers_ForNothing_DoNotEndTheConnection(int version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await Peer.OpenAsync(fixture.Port, version, "x");
        await peer.SendAsync(Answer(0x40, 9), Answer(0x70, 9));
        await peer.ExpectNothingAsync();
        await peer.SendAsync(Answer(0x62, 9));
        await peer.ExpectAsync(0x70, version == 5 ? [0, 9, 0x92] : [0, 9]);
        await peer.ExpectNothingAsync();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Publish_RepetitionOfAnAnsweredMessage_IsANewOne(int version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var inbox = new Inbox();
        using var all = fixture.Broker.Subscribe("#", inbox.Take);
        using var peer = await Peer.OpenAsync(fixture.Port, version, "x");
        foreach (bool duplicate in new[] { false, true })
        {
            await peer.SendAsync(Publish(version, "a", "1", 1, 5, duplicate: duplicate));
            await peer.ExpectAsync(0x40, 0, 5);
        }

        // QoS 2 is over with PUBCOMP; until then the repetition is answered and not handed on.
        foreach (bool duplicate in new[] { false, true })
        {
            await peer.SendAsync(Publish(version, "a", "2", 2, 5, duplicate: duplicate));
            await peer.ExpectAsync(0x50, 0, 5);
        }

        await peer.SendAsync(Answer(0x62, 5));
        await peer.ExpectAsync(0x70, 0, 5);
        await peer.PublishAsync("a", "3", 2);
        inbox.Texts.ShouldBe(["1", "1", "2", "3"]);
    }

    [Theory]
    [InlineData(4, "")]
    [InlineData(5, "")]
    [InlineData(4, "$other")]
    [InlineData(5, "$other")]
    public async Task Topics_DollarAndEmptyLevelsAndForeignScripts_AreKeptAsTheyAre(int version, string prefix)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await Peer.OpenAsync(fixture.Port, version, "x");
        await peer.SubscribeAsync(prefix + "/#", 0);
        await peer.SubscribeAsync("#", 0);
        foreach (string topic in new[] { "/", "//a", "/ / ", "/機械/𝄞", "/e\u0301", "/\u00e9" })
        {
            await peer.SendAsync(Publish(version, prefix + topic, "x"));
            (await peer.ReadMessageAsync()).Topic.ShouldBe(prefix + topic);
            await peer.ExpectNothingAsync();
        }
    }
}

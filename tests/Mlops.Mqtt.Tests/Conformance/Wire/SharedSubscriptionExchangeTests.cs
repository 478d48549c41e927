using System.Text;
using Mlops.Mqtt.Tests.Broker;
using static Mlops.Mqtt.Tests.Conformance.Wire.Packets;

namespace Mlops.Mqtt.Tests.Conformance.Wire;

/// <summary>Shared subscriptions at their edges (MQTT 5, section 4.8.2).</summary>
public class SharedSubscriptionExchangeTests
{
    private static readonly byte[] Keep = Property(17, 3600u);

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Deliver_OneClientInTwoGroupsAndAlone_GetsOneCopyForEach(int version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await Peer.OpenAsync(fixture.Port, version, "x");
        foreach (string filter in new[] { "$share/one/a/+", "$share/two/a/+", "$share/two/a/#", "a/b" })
            await peer.SubscribeAsync(filter, 1);
        await fixture.Broker.PublishAsync("a/b", "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        for (int i = 0; i < 4; i++)
            (await peer.TakeAsync()).Topic.ShouldBe("a/b");
        await peer.ExpectNothingAsync();
        await peer.SendAsync(Unsubscribe(version, 2, "$share/two/a/+", "$share/three/a/+"));
        await peer.ExpectAsync(0xB0, version == 5 ? [0, 2, 0, 0, 0x11] : [0, 2]);
        await fixture.Broker.PublishAsync("a/b", "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        for (int i = 0; i < 3; i++)
            await peer.TakeAsync();
        await peer.ExpectNothingAsync();
    }

    [Fact]
    public async Task Deliver_MembersOfEachQuality_GetWhatTheyHaveAskedForWithTheirIdentifier()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var members = new List<Peer>();
        for (int quality = 0; quality <= 2; quality++)
        {
            members.Add(await Peer.OpenAsync(fixture.Port, 5, $"member {quality}"));
            await members[quality].SubscribeAsync("$share/crew/jobs", (byte)quality, SubscriptionId(10 + quality));
        }

        for (int i = 0; i < 3; i++)
            await fixture.Broker.PublishAsync("jobs", "x"u8.ToArray(), MqttQualityOfService.ExactlyOnce);
        for (int quality = 0; quality <= 2; quality++)
        {
            var message = await members[quality].TakeAsync();
            (message.Quality, message.Properties[1]).ShouldBe((quality, (byte)(10 + quality)));
            members[quality].Dispose();
        }
    }

    [Theory]
    [InlineData("$share/g//a", "/a")]
    [InlineData("$share/g/#", "a/b")]
    [InlineData("$share/g/+", "a")]
    [InlineData("$share/g/$x/#", "$x/y")]
    [InlineData("$share/g/$share/g/a", "$share/g/a")] // what is behind the name is a filter like any other
    [InlineData("$sharex/g/a", "$sharex/g/a")] // not shared at all
    [InlineData("$share", "$share")]
    public async Task Subscribe_FilterAtTheEdge_MatchesWhatItSays(string filter, string topic)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await Peer.OpenAsync(fixture.Port, 5, "x");
        await peer.SubscribeAsync(filter, 0);
        await peer.SendAsync(Publish(5, topic, "x"));
        (await peer.ReadMessageAsync()).Topic.ShouldBe(topic);
        await peer.ExpectNothingAsync();
    }

    [Fact]
    public async Task Subscribe_ThousandLevelsBehindTheName_Matches()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var peer = await Peer.OpenAsync(fixture.Port, 5, "x");
        await peer.SubscribeAsync("$share/g/" + string.Join('/', Enumerable.Repeat("+", MqttTopicFilter.MaxLevels)), 0);
        string topic = string.Join('/', Enumerable.Range(0, MqttTopicFilter.MaxLevels));
        await peer.SendAsync(Publish(5, topic, "x"));
        (await peer.ReadMessageAsync()).Topic.ShouldBe(topic);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Leave_MemberHasSubscribedAgainOrTheGroupBeganAnew_WhatWaitsGoesToTheNewMember(bool anew)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        // It takes one and answers nothing, so all others wait for it.
        using var first = await Peer.OpenAsync(fixture.Port, 5, "first", properties: [.. Keep, .. Property(33, (ushort)1)]);
        await first.SubscribeAsync("$share/crew/jobs", 1);
        for (int i = 0; i < 4; i++)
            await fixture.Broker.PublishAsync("jobs", Encoding.UTF8.GetBytes($"{i}"), MqttQualityOfService.AtLeastOnce);
        (await first.ReadMessageAsync()).Payload.ShouldBe("0");
        if (anew)
        {
            await first.SendAsync(Unsubscribe(5, 2, "$share/crew/jobs"));
            await first.ExpectAsync(0xB0, 0, 2, 0, 0);
        }
        else
        {
            await first.SubscribeAsync("$share/crew/jobs", 2);
        }

        using var second = await Peer.OpenAsync(fixture.Port, 5, "second");
        await second.SubscribeAsync("$share/crew/jobs", 1);
        first.Dispose();
        for (int i = 1; i < 4; i++)
            (await second.TakeAsync()).Payload.ShouldBe($"{i}");
        // What it has been sent already stays its own as long as its session lives.
        await second.ExpectNothingAsync();
        using var back = await Peer.OpenAsync(fixture.Port, 5, "first", clean: false, properties: Keep, present: true);
        (await back.TakeAsync()).Payload.ShouldBe("0");
        fixture.Broker.Counters.MessagesDropped.ShouldBe(0);
    }

    [Fact]
    public async Task End_SessionOfAMember_QualityOneGoesToAnotherAndQualityTwoToNobody()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var ending = await Peer.OpenAsync(fixture.Port, 5, "ending");
        await ending.SubscribeAsync("$share/crew/jobs", 2);
        await fixture.Broker.PublishAsync("jobs", "one"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
        await fixture.Broker.PublishAsync("jobs", "two"u8.ToArray(), MqttQualityOfService.ExactlyOnce);
        (await ending.ReadMessageAsync()).Quality.ShouldBe(1);
        (await ending.ReadMessageAsync()).Quality.ShouldBe(2);
        using var staying = await Peer.OpenAsync(fixture.Port, 5, "staying");
        await staying.SubscribeAsync("$share/crew/jobs", 2);
        ending.Dispose();
        (await staying.TakeAsync()).Payload.ShouldBe("one");
        await staying.ExpectNothingAsync();
    }

    [Fact]
    public async Task Subscribe_WithRetainedMessages_BringsNone()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await fixture.Broker.PublishAsync("jobs", "kept"u8.ToArray(), retain: true);
        using var peer = await Peer.OpenAsync(fixture.Port, 5, "x");
        await peer.SubscribeAsync("$share/crew/jobs", 1);
        await peer.ExpectNothingAsync();
    }
}

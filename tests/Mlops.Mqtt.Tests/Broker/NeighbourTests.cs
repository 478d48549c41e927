using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Broker;

/// <summary>What one client does or does not do harms only itself.</summary>
public class NeighbourTests
{
    private const int Messages = 300;

    [Fact]
    public async Task Publish_OneOfAHundredSubscribersReadsNothing_OnlyThatOneIsDisconnected()
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.MaxQueuedMessagesPerSession = 100);
        using var slow = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "slow");
        await slow.SendAsync(SubscribePacket.Write(1, 0, "a", new SubscriptionOptions(MqttQualityOfService.AtLeastOnce), MqttProtocolVersion.V5));
        await slow.ReadPacketAsync();
        var inboxes = new List<Inbox>();
        for (int i = 0; i < 99; i++)
        {
            var inbox = new Inbox();
            var client = await fixture.ConnectAsync();
            await client.SubscribeAsync("a", MqttQualityOfService.AtLeastOnce, inbox.Take);
            inboxes.Add(inbox);
        }

        var publisher = await fixture.ConnectAsync();
        for (int i = 0; i < Messages; i++)
        {
            await publisher.PublishAsync("a", "x"u8.ToArray(), MqttQualityOfService.AtLeastOnce);
            int expected = i + 1;
            await Eventually.True(() => inboxes.TrueForAll(inbox => inbox.Count == expected));
        }

        fixture.Broker.Counters.SlowClientsDisconnected.ShouldBe(1);
        fixture.Log.Warnings.ShouldHaveSingleItem().ShouldContain("'slow'");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StopAsync_ClientWithWill_IsPublishedOnlyWhenAskedFor(bool asked)
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.PublishWillsOnStop = asked);
        var inbox = new Inbox();
        using var subscription = fixture.Broker.Subscribe("state", inbox.Take);
        using var press = await RawPeer.ConnectAsync(fixture.Port);
        await press.SendAsync(new ConnectPacket
        {
            Version = MqttProtocolVersion.V5,
            ClientId = "press",
            Will = new WillMessage("state", "gone"u8.ToArray(), MqttQualityOfService.AtLeastOnce, true, 0, default),
        }.Write());
        await press.ReadPacketAsync();
        await fixture.Broker.StopAsync();
        inbox.Texts.ShouldBe(asked ? ["gone"] : []);
    }
}

using System.Text;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Broker;

public class SharedSubscriptionTests
{
    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V5)]
    public async Task Deliver_SeveralMembers_EachMessageGoesToOneInTurn(MqttProtocolVersion version)
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var inboxes = new Inbox[] { new(), new(), new() };
        foreach (var inbox in inboxes)
            await (await fixture.ConnectAsync(version)).SubscribeAsync("$share/workers/jobs/#", MqttQualityOfService.AtLeastOnce, inbox.Take);
        var all = new Inbox();
        await (await fixture.ConnectAsync(version)).SubscribeAsync("jobs/#", MqttQualityOfService.AtLeastOnce, all.Take);
        for (int i = 0; i < 30; i++)
            await fixture.Broker.PublishAsync("jobs/a", Encoding.UTF8.GetBytes($"{i}"), MqttQualityOfService.AtLeastOnce);
        await Eventually.True(() => all.Count == 30 && inboxes.Sum(inbox => inbox.Count) == 30);
        inboxes.Select(inbox => inbox.Count).ShouldBe([10, 10, 10]);
        inboxes.SelectMany(inbox => inbox.Texts).Order().ShouldBe(all.Texts.Order());
    }

    [Fact]
    public async Task Deliver_MemberLeavesWithMessagesWaiting_OthersGetThem()
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.MaxInFlightPerSession = 1);
        var stuck = new Inbox();
        var gate = new TaskCompletionSource();
        var leaving = await fixture.ConnectAsync(clientId: "leaving");
        await leaving.SubscribeAsync("$share/workers/jobs", MqttQualityOfService.AtLeastOnce, (in MqttIncoming message) =>
        {
            stuck.Keep(message);
            return new ValueTask(gate.Task);
        });
        var staying = new Inbox();
        await (await fixture.ConnectAsync()).SubscribeAsync("$share/workers/jobs", MqttQualityOfService.AtLeastOnce, staying.Take);
        for (int i = 0; i < 10; i++)
            await fixture.Broker.PublishAsync("jobs", Encoding.UTF8.GetBytes($"{i}"), MqttQualityOfService.AtLeastOnce);
        await Eventually.True(() => stuck.Count == 1 && staying.Count == 5);
        fixture.Broker.Disconnect("leaving").ShouldBeTrue();
        await Eventually.True(() => staying.Count == 10);
        gate.SetResult();
        staying.Texts.Order().ShouldBe(Enumerable.Range(0, 10).Select(i => $"{i}"));
    }

    [Fact]
    public async Task Deliver_NobodyConnected_WaitsForAMember()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var member = await fixture.ConnectAsync(clientId: "member", keepSession: true);
        var inbox = new Inbox();
        await member.SubscribeAsync("$share/workers/jobs", MqttQualityOfService.ExactlyOnce, inbox.Take);
        await member.DisconnectAsync();
        await Eventually.True(() => fixture.Broker.Counters.ConnectedClients == 0);
        await fixture.Broker.PublishAsync("jobs", "x"u8.ToArray(), MqttQualityOfService.ExactlyOnce);
        await member.ConnectAsync();
        await Eventually.True(() => inbox.Count == 1);
    }

    [Fact]
    public async Task Deliver_MosquittoSub_SharesWithOurClient()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await using var theirs = Child.Start(Mosquitto.Subscriber, "-p", $"{fixture.Port}", "-V", "5", "-q", "2", "-t", "$share/w/jobs", "-F", "%p");
        await Eventually.True(() => fixture.Broker.Counters.Sessions == 1);
        var ours = new Inbox();
        await (await fixture.ConnectAsync()).SubscribeAsync("$share/w/jobs", MqttQualityOfService.ExactlyOnce, ours.Take);
        int sent = 0;
        await Eventually.True(() =>
        {
            _ = fixture.Broker.PublishAsync("jobs", Encoding.UTF8.GetBytes($"{sent++}"), MqttQualityOfService.ExactlyOnce).AsTask();
            return theirs.Lines.Length >= 3 && ours.Count >= 3;
        });
        await Eventually.True(() => theirs.Lines.Length + ours.Count == sent);
        theirs.Lines.Concat(ours.Texts).Distinct().Count().ShouldBe(sent);
    }
}

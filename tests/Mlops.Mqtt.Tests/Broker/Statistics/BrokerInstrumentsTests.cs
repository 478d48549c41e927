using System.Reflection;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Broker.Statistics;

public class BrokerInstrumentsTests
{
    [Fact]
    public async Task Listen_MessagesOfEachQuality_AreCountedInAndOut()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var seen = fixture.Listen();
        var inbox = new Inbox();
        var client = await fixture.ConnectAsync();
        await client.SubscribeAsync("a", MqttQualityOfService.ExactlyOnce, inbox.Take);
        for (int i = 0; i < 6; i++)
            await client.PublishAsync("a", new byte[100], (MqttQualityOfService)(i % 3));
        await Eventually.True(() => inbox.Count == 6);
        foreach (int quality in new[] { 0, 1, 2 })
        {
            await Eventually.True(() => seen[MqttInstruments.BrokerReceived, $"mqtt.qos={quality}"] == 2);
            await Eventually.True(() => seen[MqttInstruments.BrokerSent, $"mqtt.qos={quality}"] == 2);
        }

        seen[MqttInstruments.BrokerIo, "network.io.direction=receive"].ShouldBeGreaterThan(600);
        seen[MqttInstruments.BrokerIo, "network.io.direction=transmit"].ShouldBeGreaterThan(600);
        seen[MqttInstruments.BrokerPackets, "network.io.direction=receive"].ShouldBeGreaterThan(8);
        seen[MqttInstruments.BrokerConnections].ShouldBe(1);
        seen[MqttInstruments.BrokerAccepted].ShouldBe(1);
        seen[MqttInstruments.BrokerSubscriptions].ShouldBe(1);
        await Eventually.True(() => seen[MqttInstruments.BrokerInFlight] == 0);
    }

    [Fact]
    public async Task Listen_SessionsQueuesAndRetained_AreWhatIsHeld()
    {
        await using var fixture = await BrokerFixture.StartAsync(options => options.MaxQueuedMessagesPerSession = 5);
        using var seen = fixture.Listen();
        var away = await fixture.ConnectAsync(clientId: "away", keepSession: true);
        await away.SubscribeAsync("a", MqttQualityOfService.AtLeastOnce, new Inbox().Take);
        await away.DisconnectAsync();
        using var slow = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, "slow");
        await slow.SendAsync(SubscribePacket.Write(1, 0, "b", new SubscriptionOptions(MqttQualityOfService.AtLeastOnce), MqttProtocolVersion.V5));
        await slow.ReadPacketAsync();
        await Eventually.True(() => seen[MqttInstruments.BrokerSessions, "state=away"] == 1);
        for (int i = 0; i < 7; i++)
            await fixture.Broker.PublishAsync("a", new byte[10], MqttQualityOfService.AtLeastOnce);
        await fixture.Broker.PublishAsync("b", new byte[10], MqttQualityOfService.AtLeastOnce, retain: true);
        await Eventually.True(() => seen[MqttInstruments.BrokerInFlight] == 1);
        seen[MqttInstruments.BrokerQueued].ShouldBe(5);
        seen[MqttInstruments.BrokerQueuedSize].ShouldBe(66);
        seen[MqttInstruments.BrokerDropped, "reason=queue_full"].ShouldBe(2);
        seen[MqttInstruments.BrokerSessions, "state=connected"].ShouldBe(1);
        seen[MqttInstruments.BrokerRetained].ShouldBe(1);
        seen[MqttInstruments.BrokerRetainedSize].ShouldBe(11);
    }

    [Fact]
    public async Task Listen_RefusalsOfEachKind_AreCountedByReason()
    {
        await using var fixture = await BrokerFixture.StartAsync(options =>
        {
            options.Users["press"] = MqttPassword.Hash("blue-42");
            options.AllowAnonymousFromLoopback = false;
            options.MaxSessions = 1;
            options.Rules.Add(new MqttAccessRule { Topic = "of/%u/#" });
        });
        using var seen = fixture.Listen();
        await Should.ThrowAsync<MqttException>(fixture.ConnectAsync());
        await Should.ThrowAsync<MqttException>(fixture.ConnectAsync(configure: options => (options.UserName, options.Password) = ("press", "wrong")));
        var client = await fixture.ConnectAsync(configure: Known);
        await Should.ThrowAsync<MqttException>(fixture.ConnectAsync(configure: Known));
        await Should.ThrowAsync<MqttException>(client.PublishAsync("other", default, MqttQualityOfService.AtLeastOnce).AsTask());
        seen[MqttInstruments.BrokerRefused, "reason=rights"].ShouldBe(1);
        seen[MqttInstruments.BrokerRefused, "reason=credentials"].ShouldBe(1);
        seen[MqttInstruments.BrokerRefused, "reason=sessions"].ShouldBe(1);
        seen[MqttInstruments.BrokerAuthenticationFailures].ShouldBe(2);
        seen[MqttInstruments.BrokerDenied].ShouldBe(1);
        fixture.Broker.Counters.ConnectionsRefused.ShouldBe(3);
    }

    [Fact]
    public async Task Names_EachOfThem_IsAnInstrumentWithUnitAndOnlyBoundedTags()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        await using var client = fixture.Client(clientId: "named");
        using var broker = fixture.Listen();
        using var clients = new Measurements(MqttInstruments.ClientMeterName, MqttInstruments.ClientTag, "named");
        string[] names = [.. typeof(MqttInstruments).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetRawConstantValue()!).Where(name => name.StartsWith("mlops.", StringComparison.Ordinal))];
        names.Order().ShouldBe(broker.Units.Keys.Concat(clients.Units.Keys).Order());
        foreach (var (name, unit) in broker.Units.Concat(clients.Units))
            unit.ShouldNotBeNullOrEmpty(name);
        _ = broker[MqttInstruments.BrokerSessions];
        broker.Tags.Distinct().Order().ShouldBe(["mqtt.qos", "network.io.direction", "reason", "state"]);
    }

    [Fact]
    public async Task Dispose_Broker_EndsItsInstruments()
    {
        var fixture = await BrokerFixture.StartAsync();
        using var seen = fixture.Listen();
        await fixture.ConnectAsync();
        seen[MqttInstruments.BrokerAccepted].ShouldBe(1);
        await fixture.DisposeAsync();
        using var later = fixture.Listen();
        later[MqttInstruments.BrokerAccepted].ShouldBe(0);
    }

    private static void Known(MqttClientOptions options) => (options.UserName, options.Password) = ("press", "blue-42");
}

using Mlops.Mqtt.Tests.Broker;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Client;

public class ClientInstrumentsTests
{
    [Fact]
    public async Task Listen_PublishesOfEachQuality_AreCountedAndTheirAcknowledgementsTimed()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var seen = Listen("counting");
        var inbox = new Inbox();
        var client = await fixture.ConnectAsync(clientId: "counting");
        await client.SubscribeAsync("a", MqttQualityOfService.AtLeastOnce, inbox.Take);
        for (int i = 0; i < 9; i++)
            await client.PublishAsync("a", new byte[50], (MqttQualityOfService)(i % 3));
        await Eventually.True(() => inbox.Count == 9);
        foreach (int quality in new[] { 0, 1, 2 })
            seen[MqttInstruments.ClientSent, $"mqtt.qos={quality}"].ShouldBe(3);
        seen[MqttInstruments.ClientReceived, "mqtt.qos=0"].ShouldBe(3);
        await Eventually.True(() => seen[MqttInstruments.ClientReceived, "mqtt.qos=1"] == 6);
        seen[MqttInstruments.ClientPublishDuration, "mqtt.qos=1"].ShouldBe(3);
        seen[MqttInstruments.ClientPublishDuration, "mqtt.qos=2"].ShouldBe(3);
        seen[MqttInstruments.ClientPublishDuration, "mqtt.qos=0"].ShouldBe(0);
        seen[MqttInstruments.ClientIo, "network.io.direction=transmit"].ShouldBeGreaterThan(450);
        seen[MqttInstruments.ClientConnections].ShouldBe(1);
        seen[MqttInstruments.ClientPending].ShouldBe(0);
    }

    [Fact]
    public async Task Listen_BrokerGoesAndComes_OutboxAndReconnectsAreSeen()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        using var seen = Listen("keeping");
        await using var client = fixture.Client(clientId: "keeping", configure: options =>
        {
            options.ReconnectDelay = TimeSpan.FromMilliseconds(20);
            options.MaxReconnectDelay = TimeSpan.FromMilliseconds(100);
            options.Outbox = new MqttOutboxOptions { MaxMessages = 10, WhenFull = MqttOutboxFullPolicy.DropNewest };
        });
        await client.StartAsync();
        int port = fixture.Port;
        await fixture.Broker.StopAsync();
        await Eventually.True(() => client.State != MqttClientState.Connected);
        for (int i = 0; i < 12; i++)
            await client.PublishAsync("a", new byte[9], MqttQualityOfService.AtLeastOnce);
        await client.PublishAsync("a", default);
        seen[MqttInstruments.ClientPending].ShouldBe(10);
        seen[MqttInstruments.ClientPendingSize].ShouldBe(100);
        seen[MqttInstruments.ClientDropped, "reason=queue_full"].ShouldBe(2);
        seen[MqttInstruments.ClientDropped, "reason=not_connected"].ShouldBe(1);
        await using var again = new MqttBroker(new MqttBrokerOptions { Port = port });
        await again.StartAsync();
        await Eventually.True(() => seen[MqttInstruments.ClientPending] == 0);
        await Eventually.True(() => seen[MqttInstruments.ClientPublishDuration, "mqtt.qos=1"] == 10);
        seen[MqttInstruments.ClientReconnects].ShouldBe(1);
        await client.DisposeAsync();
        using var later = Listen("keeping");
        later[MqttInstruments.ClientReconnects].ShouldBe(0);
    }

    private static Measurements Listen(string name) => new(MqttInstruments.ClientMeterName, MqttInstruments.ClientTag, name);
}

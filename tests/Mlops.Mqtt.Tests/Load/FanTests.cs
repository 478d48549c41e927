using System.Buffers.Binary;
using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Tests.Broker;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Load;

/// <summary>One to many, many to one.</summary>
[Collection(AloneCollection.Name)]
public class FanTests
{
    private static readonly int Clients = Counts.Of(100, 1000);
    private static readonly int Messages = Counts.Of(50, 200);

    [Fact]
    public async Task Publish_OneToMany_EverySubscriberGetsEveryMessageOnce()
    {
        await using var fixture = await BrokerFixture.StartAsync(Admit);
        var subscribers = new List<RawPeer>();
        var readers = new List<Acknowledger>();
        try
        {
            for (int i = 0; i < Clients; i++)
            {
                var peer = await RawPeer.OpenAsync(fixture.Port, MqttProtocolVersion.V5, $"subscriber-{i}");
                subscribers.Add(peer);
                await peer.SendAsync(SubscribePacket.Write(1, 0, "all", new SubscriptionOptions(MqttQualityOfService.AtLeastOnce), MqttProtocolVersion.V5));
                await peer.ReadPacketAsync();
                readers.Add(new Acknowledger(peer.Stream));
                _ = readers[^1].RunAsync();
            }

            var publisher = await fixture.ConnectAsync();
            for (int i = 0; i < Messages; i++)
                await publisher.PublishAsync("all", new byte[1000], MqttQualityOfService.AtLeastOnce);
            await Eventually.True(() => readers.TrueForAll(reader => reader.Received >= Messages));

            readers.ShouldAllBe(reader => reader.Received == Messages);
            fixture.Broker.Counters.MessagesDelivered.ShouldBe((long)Messages * Clients);
            fixture.Broker.Counters.MessagesDropped.ShouldBe(0);
        }
        finally
        {
            subscribers.ForEach(peer => peer.Dispose());
        }
    }

    [Fact]
    public async Task Publish_ManyToOne_TheSubscriberGetsAllInTheOrderOfEachPublisher()
    {
        await using var fixture = await BrokerFixture.StartAsync(options =>
        {
            Admit(options);
            options.MaxQueuedMessagesPerSession = Clients * Messages;
            options.MaxQueuedBytesPerSession = 2000L * Clients * Messages;
        });
        var next = new int[Clients];
        long seen = 0;
        string? wrong = null;
        var subscriber = await fixture.ConnectAsync();
        await subscriber.SubscribeAsync("from/+", MqttQualityOfService.AtLeastOnce, (in MqttIncoming message) =>
        {
            int publisher = BinaryPrimitives.ReadInt32LittleEndian(message.Payload);
            int number = BinaryPrimitives.ReadInt32LittleEndian(message.Payload[4..]);
            if (number != next[publisher]++)
                wrong ??= $"{number} of publisher {publisher} came instead of {next[publisher] - 1}";
            Interlocked.Increment(ref seen);
            return default;
        });
        var publishers = new List<MqttClient>();
        for (int i = 0; i < Clients; i++)
            publishers.Add(await fixture.ConnectAsync());

        await Task.WhenAll(publishers.Select((client, i) => PublishAsync(client, i)));
        await Eventually.True(() => Volatile.Read(ref seen) >= (long)Clients * Messages);

        wrong.ShouldBeNull();
        next.ShouldAllBe(count => count == Messages);
        fixture.Broker.Counters.MessagesDropped.ShouldBe(0);
    }

    private static void Admit(MqttBrokerOptions options) => options.MaxConnections = options.MaxConnectsPerSecond = Clients + 1;

    private static async Task PublishAsync(MqttClient client, int publisher)
    {
        var acknowledged = new List<Task>();
        for (int number = 0; number < Messages; number++)
        {
            var payload = new byte[1000];
            BinaryPrimitives.WriteInt32LittleEndian(payload, publisher);
            BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(4), number);
            acknowledged.Add(client.PublishAsync($"from/{publisher}", payload, MqttQualityOfService.AtLeastOnce).AsTask());
        }

        await Task.WhenAll(acknowledged);
    }
}

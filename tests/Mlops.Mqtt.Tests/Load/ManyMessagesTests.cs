using Mlops.Mqtt.Protocol;
using Mlops.Mqtt.Tests.Peers;
using Xunit.Abstractions;

namespace Mlops.Mqtt.Tests.Load;

/// <summary>As many messages as a day brings.</summary>
[Collection(AloneCollection.Name)]
public class ManyMessagesTests(ITestOutputHelper output)
{
    /// <summary>Messages on their way at most, so that no queue drops any.</summary>
    private const int Window = 2000;

    /// <summary>MiB by which the broker may have grown: code that is compiled later, not what messages leave behind.</summary>
    private const double Growth = 24;

    private static readonly int Messages = Counts.Of(200_000, 10_000_000);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(Counts.Of(2, 60));

    [Fact]
    public async Task Messages_OfAllQualities_LeaveTheMemoryOfTheBrokerFlat()
    {
        await using var broker = await BrokerProcess.StartAsync();
        using var subscriber = await RawPeer.OpenAsync(broker.Port, MqttProtocolVersion.V5, "subscriber");
        await subscriber.SendAsync(SubscribePacket.Write(1, 0, "plant/#", new SubscriptionOptions(MqttQualityOfService.ExactlyOnce), MqttProtocolVersion.V5));
        await subscriber.ReadPacketAsync();
        var reader = new Acknowledger(subscriber.Stream);
        _ = reader.RunAsync();
        using var publisher = await RawPeer.OpenAsync(broker.Port, MqttProtocolVersion.V5, "publisher");
        _ = new Acknowledger(publisher.Stream).RunAsync();

        long sent = 0;
        await SendAsync(Messages / 4);
        double before = broker.ResidentMiB;
        await SendAsync(Messages);
        double after = broker.ResidentMiB;
        output.WriteLine($"{before:0.0} MiB after {Messages / 4} messages, {after:0.0} MiB after {sent}");

        (after - before).ShouldBeLessThan(Growth);
        reader.Received.ShouldBe(sent);

        async Task SendAsync(int until)
        {
            byte[][] bursts =
            [
                PublishBurst.First(MqttQualityOfService.AtMostOnce, withAliases: false),
                PublishBurst.First(MqttQualityOfService.AtLeastOnce, withAliases: false),
                PublishBurst.First(MqttQualityOfService.ExactlyOnce, withAliases: true),
            ];
            using var patience = new CancellationTokenSource(Patience);
            for (int i = 0; sent < until; i++)
            {
                await publisher.Stream.WriteAsync(bursts[i % bursts.Length], patience.Token);
                sent += PublishBurst.Count;
                while (sent - reader.Received > (sent < until ? Window : 0))
                    await Task.Delay(1, patience.Token);
            }
        }
    }
}

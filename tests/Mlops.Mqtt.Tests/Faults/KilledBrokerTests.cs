using System.Collections.Concurrent;
using System.Text;
using Mlops.Mqtt.Tests.Peers;

namespace Mlops.Mqtt.Tests.Faults;

/// <summary>The broker is killed while messages are on their way; what was acknowledged has to arrive as often as its quality says.</summary>
public class KilledBrokerTests
{
    private static readonly int Kills = Counts.Of(3, 30);

    [Theory]
    [InlineData(MqttProtocolVersion.V5, MqttQualityOfService.AtLeastOnce, 4)]
    [InlineData(MqttProtocolVersion.V5, MqttQualityOfService.ExactlyOnce, 4)]
    [InlineData(MqttProtocolVersion.V311, MqttQualityOfService.ExactlyOnce, 50)]
    public async Task Kill_WhilePublishersCount_NothingAcknowledgedIsLost(MqttProtocolVersion version, MqttQualityOfService quality, int publishers)
    {
        using var folder = new TemporaryFolder();
        await using var broker = await BrokerProcess.StartAsync(folder.Path);
        int port = broker.Port;
        var inbox = new Inbox();
        await using var subscriber = LastingClient.Of(port, version, "subscriber");
        await subscriber.StartAsync();
        await subscriber.SubscribeAsync("a", quality, inbox.Take);
        var acknowledged = new ConcurrentBag<string>();
        using var stop = new CancellationTokenSource();
        var publishing = Enumerable.Range(0, publishers).Select(i => PublishAsync(LastingClient.Of(port, version, $"publisher-{i}"), quality, acknowledged, stop.Token)).ToArray();
        for (int kill = 0; kill < Kills; kill++)
        {
            int before = acknowledged.Count;
            await Eventually.True(() => acknowledged.Count > before + 200);
            await broker.KillAndStartAsync();
        }

        await stop.CancelAsync();
        await Eventually.Within(Task.WhenAll(publishing));
        await Eventually.True(() => !acknowledged.Except(inbox.Texts).Any());
        string[] texts = inbox.Texts;
        if (quality == MqttQualityOfService.ExactlyOnce)
            texts.Length.ShouldBe(texts.Distinct().Count());
    }

    private static async Task PublishAsync(MqttClient client, MqttQualityOfService quality, ConcurrentBag<string> acknowledged, CancellationToken stop)
    {
        await using (client)
        {
            await client.StartAsync(CancellationToken.None);
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                string text = $"{client.ClientId}/{i}";
                await client.PublishAsync("a", Encoding.UTF8.GetBytes(text), quality, cancellationToken: CancellationToken.None);
                acknowledged.Add(text);
            }
        }
    }
}

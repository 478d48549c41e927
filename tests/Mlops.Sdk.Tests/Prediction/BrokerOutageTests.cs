using System.Collections.Concurrent;
using System.Text.Json;
using Mlops.Mqtt;
using Mlops.Prediction;
using Mlops.Tests.Databus;

namespace Mlops.Tests.Prediction;

public sealed class BrokerOutageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-outage").FullName;

    [Fact]
    public async Task Publish_BrokerStopsAndReturns_BringsTheAnswersMadeMeanwhileInOrder()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using PredictionNode node = await PredictionNode.StartAsync(_folder, mqtt: true, settings: [("Mlops:Mqtt:Host", "127.0.0.1"), ("Mlops:Mqtt:Port", $"{broker.Port}")]);
        await node.WriteAsync(1);
        DeploymentInfo deployment = await node.DeployAsync(await node.TrainAsync(_folder));
        var rows = new ConcurrentQueue<long>();
        await using MqttClient before = await SubscribeAsync(broker.Port, deployment.Topic, rows);
        long first = await node.WriteAsync(1);
        await PredictionNode.UntilAsync(() => rows.Contains(first));

        await broker.StopAsync();
        long last = 0;
        for (int i = 0; i < 30; i++)
            last = await node.WriteAsync(i, i, i);
        await node.WaitAsync(deployment.Id, last);
        (await node.AnswersAsync(deployment.Id)).Count.ShouldBe(91, "prediction does not wait for the broker");

        // The client that was there before comes back, and so do its subscription and what was published meanwhile.
        await broker.RunAsync();
        long fresh = await node.WriteAsync(5);
        await PredictionNode.UntilAsync(() => rows.Contains(fresh));

        // A repeat names the same row; apart from repeats the order is that of the records.
        long[] all = [.. (await node.AnswersAsync(deployment.Id)).Select(a => a.Source.Row).Where(r => r > first)];
        FirstOf(rows.Where(r => r > first)).ShouldBe(all, "each once, or again with its row, and in order");
    }

    [Fact]
    public async Task Publish_BrokerAwayForLongerThanTheMaximumAge_LeavesStaleAnswersOut()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using PredictionNode node = await PredictionNode.StartAsync(_folder, mqtt: true, settings: [("Mlops:Mqtt:Host", "127.0.0.1"), ("Mlops:Mqtt:Port", $"{broker.Port}")]);
        await node.WriteAsync(1);
        DeploymentInfo deployment = await node.DeployAsync(await node.TrainAsync(_folder), r => r with { MaxAge = TimeSpan.FromSeconds(1) });
        await broker.StopAsync();

        // More than may be on their way at once: the others wait in the store.
        long stale = 0;
        for (int i = 0; i < 20; i++)
            stale = await node.WriteAsync([.. Enumerable.Range(0, 20).Select(v => (double)v)]);
        await node.WaitAsync(deployment.Id, stale);
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        await broker.RunAsync();
        var rows = new ConcurrentQueue<long>();
        await using MqttClient client = await SubscribeAsync(broker.Port, deployment.Topic, rows);

        // Until one comes through that is young enough.
        long fresh = 0;
        await PredictionNode.UntilAsync(() =>
        {
            fresh = node.WriteAsync(7).GetAwaiter().GetResult();
            return rows.Any(r => r > stale);
        });

        rows.ShouldNotContain(stale);
        rows.Distinct().Count(r => r <= stale).ShouldBeLessThanOrEqualTo(64, "what was on its way when the broker went");
        (await node.AnswersAsync(deployment.Id)).Count(a => a.Source.Row <= stale).ShouldBe(400, "all are stored");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static long[] FirstOf(IEnumerable<long> rows)
    {
        var seen = new HashSet<long>();
        return [.. rows.Where(seen.Add)];
    }

    private static async Task<MqttClient> SubscribeAsync(int port, string topic, ConcurrentQueue<long> rows)
    {
        var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = port, ClientId = $"reader-{port}", CleanStart = false, SessionExpiry = TimeSpan.FromHours(1), ReconnectDelay = TimeSpan.FromMilliseconds(50) });
        await client.StartAsync();
        await client.SubscribeAsync(topic, MqttQualityOfService.AtLeastOnce, (in MqttIncoming message) =>
        {
            using JsonDocument answer = JsonDocument.Parse(System.Text.Encoding.UTF8.GetString(message.Payload));
            rows.Enqueue(answer.RootElement.GetProperty("source").GetProperty("row").GetInt64());
            return ValueTask.CompletedTask;
        });
        return client;
    }
}

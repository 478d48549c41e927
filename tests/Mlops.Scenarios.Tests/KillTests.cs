using System.Text.Json;
using Mlops.Ingest;
using Mlops.Mqtt;
using Mlops.Scenarios.Tests.Nodes;
using Mlops.Tests.Databus;

namespace Mlops.Scenarios.Tests;

/// <summary>A node that is killed again and again, while a publisher counts what was acknowledged.</summary>
public sealed class KillTests : IDisposable
{
    private const string App = "press1", Kept = "kept";
    private static readonly string[] Busy =
    [
        "Store:SegmentBytes=64 KB", "Store:SegmentCheckInterval=00:00:00.02", "Store:CompactionFiles=3", "Store:CompactionBytes=512 KB",
    ];

    private readonly string _data = RunningNode.NewFolder();

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Kill_NodeOnABrokerOutside_EveryRecordIsThereOnceInOrder()
    {
        int kills = Repository.Count(3, 30);
        var random = new Random(5);
        await using Mosquitto broker = await Mosquitto.StartAsync();
        string[] settings = [.. Busy, "Mqtt:Host=127.0.0.1", FormattableString.Invariant($"Mqtt:Port={broker.Port}")];
        var publisher = new ResendingPublisher(App, [Kept], recordsOfAVersion: int.MaxValue, TimeSpan.FromMilliseconds(40));
        using var stop = new CancellationTokenSource();
        Task? publishing = null;
        long duplicates = 0;
        for (int kill = 0; kill < kills; kill++)
        {
            await using RunningNode node = await RunningNode.StartAsync(_data, settings);
            if (publishing is null)
            {
                await UntilSubscribedAsync(broker, node);
                publishing = publisher.RunAsync(broker.Port, stop.Token);
            }

            long before = await RecordsAsync(node);
            await UntilAsync(async () => await RecordsAsync(node) > before + 50);
            await Task.Delay(random.Next(100));
            duplicates += (await node.ReportAsync()).Duplicates;
            node.Kill();
        }

        await using RunningNode last = await RunningNode.StartAsync(_data, settings);
        await stop.CancelAsync();
        await publishing!.WaitAsync(RunningNode.Patience);
        publisher.Acknowledged.ShouldBe(publisher.Made);
        await UntilAsync(async () => await RecordsAsync(last) >= publisher.Made);
        IngestReport report = await last.ReportAsync();
        (report.DeadLetters, report.Lost).ShouldBe((0, 0));
        await last.StopAsync();
        ParquetFolder.ReadNumbers(_data, BusText.Feed(App, Kept), "number").ShouldBe(
            Enumerable.Range(1, (int)publisher.Made).Select(n => (long)n), $"each record once, in order; {duplicates + report.Duplicates} came again and were recognised");
    }

    // A queue outside begins with the subscription: what comes before belongs to nobody.
    private static async Task UntilSubscribedAsync(Mosquitto broker, RunningNode node)
    {
        await using var probe = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = broker.Port, ClientId = "probe" });
        await probe.ConnectAsync();
        await UntilAsync(async () =>
        {
            await probe.PublishAsync(BusText.MetadataTopic("probe"), BusText.Metadata("probe", ["probe"]), MqttQualityOfService.AtLeastOnce);
            return (await node.AskAsync("feeds")).TryGetProperty(BusText.Feed("probe", "probe"), out _);
        });
    }

    private static async Task<long> RecordsAsync(RunningNode node) =>
        (await node.AskAsync("feeds")).TryGetProperty(BusText.Feed(App, Kept), out JsonElement records) ? records.GetInt64() : 0;

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(RunningNode.Patience);
        while (!await condition())
            await Task.Delay(5, deadline.Token);
    }
}

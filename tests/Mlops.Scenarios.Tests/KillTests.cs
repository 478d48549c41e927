using System.Globalization;
using System.Text.Json;
using Mlops.Ingest;
using Mlops.Mqtt;
using Mlops.Scenarios.Tests.Nodes;
using Mlops.Store;
using Mlops.Tests.Databus;

namespace Mlops.Scenarios.Tests;

/// <summary>A node that is killed again and again, while a publisher counts what was acknowledged.</summary>
public sealed class KillTests : IDisposable
{
    private const string App = "press1", Kept = "kept", Short = "short";
    private static readonly string[] Busy =
    [
        "Store:SegmentBytes=64 KB", "Store:SegmentCheckInterval=00:00:00.02", "Store:CompactionFiles=3", "Store:CompactionBytes=512 KB",
        $"Store:Retention:Feeds:{App}.plc.{Short}:MaximumBytes=100 KB", "Store:Retention:Interval=00:00:00.05",
    ];

    private readonly string _data = RunningNode.NewFolder();
    private readonly string _backups = RunningNode.NewFolder();

    /// <summary>What goes on when the node is killed, besides ingest.</summary>
    private enum Work
    {
        Ingest,
        SegmentClosing,
        Compaction,
        SchemaChange,
        Retention,
        Backup,
    }

    public void Dispose()
    {
        Directory.Delete(_data, recursive: true);
        Directory.Delete(_backups, recursive: true);
    }

    [Fact]
    public async Task Kill_DuringEachKindOfWork_EveryAcknowledgedRecordIsThereOnceInOrder()
    {
        int kills = Repository.Count(6, 100);
        var random = new Random(17);
        var publisher = new ResendingPublisher(App, [Kept, Short]);
        for (int kill = 0; kill < kills; kill++)
        {
            await using RunningNode node = await RunningNode.StartAsync(_data, Busy);
            using var stop = new CancellationTokenSource();
            Task publishing = publisher.RunAsync(node.Port, stop.Token);
            await UntilItBeginsAsync((Work)(kill % 6), node, publisher, kill);
            await Task.Delay(random.Next(40));
            node.Kill();
            await stop.CancelAsync();
            await publishing.WaitAsync(RunningNode.Patience);
        }

        long acknowledged = publisher.Acknowledged;
        acknowledged.ShouldBeGreaterThan(100 * kills / 6);
        await using RunningNode last = await RunningNode.StartAsync(_data, Busy);
        using (var stop = new CancellationTokenSource())
        {
            // What was not acknowledged is sent once more, and then some.
            Task publishing = publisher.RunAsync(last.Port, stop.Token);
            await UntilAsync(() => Task.FromResult(publisher.Acknowledged > acknowledged + 200));
            await stop.CancelAsync();
            await publishing.WaitAsync(RunningNode.Patience);
        }

        publisher.Acknowledged.ShouldBe(publisher.Made);
        IngestReport report = await last.ReportAsync();
        (report.DeadLetters, report.Lost).ShouldBe((0, 0), string.Join(' ', (await last.AskAsync("letters")).EnumerateArray().Take(2)));
        (await last.AskAsync("verify")).GetProperty(nameof(StoreVerification.Damaged)).GetArrayLength().ShouldBe(0);
        await last.StopAsync();
        ParquetFolder.ReadNumbers(_data, BusText.Feed(App, Kept), "number").ShouldBe(Enumerable.Range(1, (int)publisher.Made).Select(n => (long)n), "each record once, in order");
        List<long> left = ParquetFolder.ReadNumbers(_data, BusText.Feed(App, Short), "number");
        left.ShouldBe(Enumerable.Range((int)publisher.Made - left.Count + 1, left.Count).Select(n => (long)n), "retention drops from the oldest end only");
        left.Count.ShouldBeInRange(1, (int)publisher.Made - 1);
        foreach (string backup in Directory.EnumerateDirectories(_backups).Where(b => !b.EndsWith(".partial", StringComparison.Ordinal)))
            await StoreRestore.VerifyAsync(backup);
    }

    [Fact]
    public async Task Kill_NodeOnABrokerOutside_EveryRecordIsThereOnceInOrder()
    {
        int kills = Repository.Count(3, 30);
        var random = new Random(5);
        await using Mosquitto broker = await Mosquitto.StartAsync();
        string[] settings = [.. Busy, "Mqtt:Host=127.0.0.1", FormattableString.Invariant($"Mqtt:Port={broker.Port}")];
        var publisher = new ResendingPublisher(App, [Kept], TimeSpan.FromMilliseconds(40));
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

    private async Task UntilItBeginsAsync(Work work, RunningNode node, ResendingPublisher publisher, int kill)
    {
        string? counter = work switch
        {
            Work.SegmentClosing => StoreInstruments.SegmentsName,
            Work.Compaction => StoreInstruments.CompactedName,
            Work.Retention => StoreInstruments.DroppedName,
            _ => null,
        };
        long acknowledged = publisher.Acknowledged;
        await UntilAsync(() => Task.FromResult(publisher.Acknowledged > acknowledged + 100));
        if (counter is not null)
        {
            // It has happened in this run and, at the rate that it is set to, happens again at once.
            await UntilAsync(async () => (await node.AskAsync("work")).TryGetProperty(counter, out JsonElement count) && count.GetInt64() > 0);
        }
        else if (work == Work.SchemaChange)
        {
            // Some go through, one is on its way.
            for (int i = 0; i < 4; i++)
            {
                publisher.Change();
                long before = publisher.Acknowledged;
                await UntilAsync(() => Task.FromResult(publisher.Acknowledged > before + 50));
            }

            publisher.Change();
        }
        else if (work == Work.Backup)
        {
            await node.BeginAsync("backup " + Path.Combine(_backups, kill.ToString(CultureInfo.InvariantCulture)));
        }
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

using Mlops.Ingest;
using Mlops.Mqtt;
using Mlops.Scenarios.Tests.Nodes;
using Mlops.Tests.Databus;

namespace Mlops.Scenarios.Tests;

/// <summary>A node on a broker outside, which goes away.</summary>
public sealed class OutageTests : IDisposable
{
    private readonly string _data = RunningNode.NewFolder();

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Ingest_BrokerGoneForAWhileAgainAndAgain_LosesNothingAndStoresNothingTwice()
    {
        const string App = "press1", Collection = "cycle";
        TimeSpan gone = TimeSpan.FromSeconds(Repository.Count(2, 180));
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using RunningNode node = await RunningNode.StartAsync(_data, "Mqtt:Host=127.0.0.1", FormattableString.Invariant($"Mqtt:Port={broker.Port}"));
        await using var client = new MqttClient(new MqttClientOptions
        {
            Host = "127.0.0.1",
            Port = broker.Port,
            ClientId = App,
            CleanStart = false,
            SessionExpiry = TimeSpan.FromHours(1),
            ReconnectDelay = TimeSpan.FromMilliseconds(100),
            MaxReconnectDelay = TimeSpan.FromSeconds(1),
        });
        await client.StartAsync();
        await client.PublishAsync(BusText.MetadataTopic(App), BusText.Metadata(App, [Collection]), MqttQualityOfService.AtLeastOnce, retain: true);
        using var stop = new CancellationTokenSource();
        long sent = 0;
        Task publishing = Task.Run(async () =>
        {
            // The client holds up to 4,096 messages while there is no broker; then this waits.
            var sending = new List<Task>();
            for (; !stop.IsCancellationRequested; Interlocked.Increment(ref sent))
            {
                sending.Add(client.PublishAsync(BusText.Topic(App, Collection), BusText.Record(sent + 1, sent), MqttQualityOfService.AtLeastOnce).AsTask());
                if (sending.Count % 10 == 0)
                    await Task.Delay(10);
                if (client.PendingPublishes > 3000)
                    await sending[^1];
            }

            await Task.WhenAll(sending);
        });

        for (int outage = 0; outage < 2; outage++)
        {
            long stored = await RecordsAsync();
            await UntilAsync(async () => await RecordsAsync() > stored + 100);
            await broker.StopAsync();
            await Task.Delay(gone);
            await broker.RunAsync();
        }

        await stop.CancelAsync();
        await publishing.WaitAsync(RunningNode.Patience);
        await UntilAsync(async () => await RecordsAsync() >= sent);
        IngestReport report = await node.ReportAsync();
        (report.Records, report.DeadLetters, report.Lost).ShouldBe((sent, 0, 0));
        await node.StopAsync();
        ParquetFolder.ReadNumbers(_data, BusText.Feed(App, Collection), "number").Order().ShouldBe(Enumerable.Range(0, (int)sent).Select(i => (long)i));

        async Task<long> RecordsAsync() => (await node.AskAsync("feeds")).TryGetProperty(BusText.Feed(App, Collection), out var records) ? records.GetInt64() : 0;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(RunningNode.Patience);
        while (!await condition())
            await Task.Delay(50, deadline.Token);
    }
}

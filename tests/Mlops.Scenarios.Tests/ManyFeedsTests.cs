using System.Diagnostics;
using System.Globalization;
using System.Text;
using Mlops.Mqtt;
using Mlops.Scenarios.Tests.Nodes;

namespace Mlops.Scenarios.Tests;

/// <summary>Many feeds, and one with many columns.</summary>
public sealed class ManyFeedsTests : IDisposable
{
    private readonly string _data = RunningNode.NewFolder();

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Ingest_ThousandFeedsARecordASecondEach_StoresEachOnceInOrder()
    {
        const int Apps = 10, Collections = 100, FeedStride = 1_000_000;
        int seconds = Repository.Count(4, 300);
        await using RunningNode node = await RunningNode.StartAsync(_data);
        await using MqttClient client = await node.ConnectAsync("plant");
        string[] names = [.. Enumerable.Range(0, Collections).Select(i => string.Create(CultureInfo.InvariantCulture, $"c{i}"))];
        string[] apps = [.. Enumerable.Range(0, Apps).Select(i => string.Create(CultureInfo.InvariantCulture, $"plant{i}"))];
        foreach (string app in apps)
            await client.PublishAsync(BusText.MetadataTopic(app), BusText.Metadata(app, names), MqttQualityOfService.AtLeastOnce, retain: true);
        string[] topics = [.. apps.SelectMany(app => names.Select(name => BusText.Topic(app, name)))];

        var sending = new List<Task>();
        var clock = Stopwatch.StartNew();
        for (int second = 0; second < seconds; second++)
        {
            for (int feed = 0; feed < topics.Length; feed++)
            {
                // Spread over the second; one that is late is sent at once.
                while (clock.Elapsed.TotalSeconds < second + ((double)feed / topics.Length))
                    await Task.Delay(1);
                sending.Add(client.PublishAsync(topics[feed], BusText.Record(second + 1, ((long)feed * FeedStride) + second), MqttQualityOfService.AtLeastOnce).AsTask());
            }
        }

        await Task.WhenAll(sending).WaitAsync(RunningNode.Patience);
        var feeds = await node.AskAsync("feeds");
        apps.SelectMany(app => names.Select(name => feeds.GetProperty(BusText.Feed(app, name)).GetInt64())).ShouldAllBe(records => records == seconds);
        node.PeakMiB.ShouldBeLessThan(300);
        await node.StopAsync();
        List<long> stored = ParquetFolder.ReadNumbers(_data, "*", "number");
        stored.Count.ShouldBe(topics.Length * seconds);
        foreach (IGrouping<long, long> feed in stored.GroupBy(n => n / FeedStride))
            feed.Select(n => n % FeedStride).ShouldBe(Enumerable.Range(0, seconds).Select(i => (long)i));
    }

    [Fact]
    public async Task Metadata_TenThousandDataPoints_EveryValueComesBackUnderItsName()
    {
        const int Points = 10_000, Few = 10;
        int full = Repository.Count(3, 200), sparse = full * 10;
        const string App = "wide";
        await using RunningNode node = await RunningNode.StartAsync(_data);
        await using MqttClient client = await node.ConnectAsync(App);
        string definitions = string.Join(',', Enumerable.Range(0, Points).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"name":"p{{i}}","id":"{{i}}","dataType":"LReal"}""")));
        await client.PublishAsync(BusText.MetadataTopic(App), BusText.Metadata(App, ["all"], definitions), MqttQualityOfService.AtLeastOnce, retain: true);
        for (int m = 0; m < full + sparse; m++)
            await client.PublishAsync(BusText.Topic(App, "all"), Message(m, PointsOf(m)), MqttQualityOfService.AtLeastOnce);

        // A connector that finds one more data point announces them all again.
        await client.PublishAsync(BusText.MetadataTopic(App), BusText.Metadata(App, ["all"], definitions + FormattableString.Invariant($$""",{"name":"p{{Points}}","id":"{{Points}}","dataType":"LReal"}"""), hash: 2), MqttQualityOfService.AtLeastOnce, retain: true);
        await client.PublishAsync(BusText.Topic(App, "all"), Message(full + sparse, [Points]), MqttQualityOfService.AtLeastOnce);
        var report = await node.ReportAsync();
        (report.DeadLetters, report.Misfits, report.Lost).ShouldBe((0, 0, 0));
        node.PeakMiB.ShouldBeLessThan(300);
        await node.StopAsync();

        // So many data points are a record for each value, with the name of the point.
        int messages = full + sparse + 1;
        (int, int, double)[] sent = [.. Enumerable.Range(0, messages).SelectMany(m => (m == messages - 1 ? [Points] : PointsOf(m)).Order().Select(p => (m, p, Value(m, p))))];
        ParquetFolder.ReadPoints(_data, BusText.Feed(App, "all")).ShouldBe(sent);

        IEnumerable<int> PointsOf(int m) => m < full ? Enumerable.Range(0, Points) : Enumerable.Range(0, Few).Select(i => ((m * 37) + (i * 977)) % Points);
        static double Value(int m, int point) => m + (point / 16384.0);
        static byte[] Message(int m, IEnumerable<int> points) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $$"""{"seq":{{m + 1}},"vals":[{{string.Join(',', points.Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{i}}","val":{{Value(m, i)}},"ts":"{{BusText.Time(m)}}","qc":3}""")))}}]}"""));
    }
}

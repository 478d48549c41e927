using System.Globalization;
using System.Text;
using Mlops.Ingest;
using Mlops.Mqtt;
using Mlops.Scenarios.Tests.Nodes;

namespace Mlops.Scenarios.Tests;

/// <summary>Messages that cannot be understood among those that can.</summary>
public sealed class MalformedTests : IDisposable
{
    private readonly string _data = RunningNode.NewFolder();

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Ingest_OneInTwentyMalformedAtFullRate_StoresTheGoodOnceAndKeepsTheBadByName()
    {
        const string App = "press1", Collection = "cycle";
        int count = Repository.Count(20_000, 1_000_000);
        await using RunningNode node = await RunningNode.StartAsync(_data);
        await using MqttClient client = await node.ConnectAsync(App);
        await client.PublishAsync(BusText.MetadataTopic(App), BusText.Metadata(App, [Collection]), MqttQualityOfService.AtLeastOnce, retain: true);

        var sending = new List<Task>();
        for (int i = 0; i < count; i++)
        {
            byte[] payload = i % 20 == 7 ? Malformed(i) : BusText.Record(i + 1, i);
            sending.Add(client.PublishAsync(BusText.Topic(App, Collection), payload, MqttQualityOfService.AtLeastOnce).AsTask());
            if (client.PendingPublishes >= 2000)
                await sending[^1000].WaitAsync(RunningNode.Patience);
        }

        await Task.WhenAll(sending).WaitAsync(RunningNode.Patience);
        int bad = count / 20;
        IngestReport report = await node.ReportAsync();
        (report.Messages, report.Records, report.DeadLetters, report.Duplicates, report.Misfits, report.Lost).ShouldBe((count + 1 - bad, count - bad, bad, 0, 0, 0));
        List<string> letters = [.. (await node.AskAsync("letters")).EnumerateArray().Select(l => l.GetString()!)];
        await node.StopAsync();

        letters.Count.ShouldBe(bad);
        letters.Select(NameOf).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, count).Where(i => i % 20 == 7).Select(Name).Order(StringComparer.Ordinal));
        ParquetFolder.ReadNumbers(_data, BusText.Feed(App, Collection), "number").ShouldBe(Enumerable.Range(0, count).Where(i => i % 20 != 7).Select(i => (long)i));
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"bad-{number}!");

    private static string NameOf(string letter)
    {
        int start = letter.IndexOf("bad-", StringComparison.Ordinal);
        return start < 0 ? letter : letter[start..(letter.IndexOf('!', start) + 1)];
    }

    private static byte[] Malformed(int number) => Encoding.UTF8.GetBytes((number / 20 % 5) switch
    {
        0 => $$"""{"who":"{{Name(number)}}","seq":{{number}},"mdHashVer":1,"vals":[{"id":"n","val":"1","ts":"2026-01""",
        1 => $"{Name(number)} is no JSON",
        2 => $$"""["{{Name(number)}}"]""",
        3 => $$"""{"who":"{{Name(number)}}","vals":5}""",
        _ => $$"""{"who":"{{Name(number)}}","seq":"x","mdHashVer":1,"vals":[{"id":"n","val":"1"},{]}""",
    });
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Mlops.Messaging;
using Mlops.Mqtt;
using Mlops.Store;
using Mlops.Tests.Ingest;
using Mlops.Tests.Store;
using static Mlops.Tests.Databus.DatabusMessages;

namespace Mlops.Tests.Databus;

public sealed class EmbeddedBrokerTests : IDisposable
{
    private readonly string _folder = BrokerNode.NewFolder();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task Publish_MetadataAndValues_FillAFeedThatBecomesAFile(string version)
    {
        await using BrokerNode node = await BrokerNode.StartAsync(_folder);

        await Mosquitto.PublishAsync(node.Port, MetadataTopic, Metadata(), retain: true, "-V", version);
        node.Get<IFeedReader>().Find(Feed).ShouldNotBeNull().Fields.Count.ShouldBe(3);
        await Mosquitto.PublishLinesAsync(node.Port, Topic, Enumerable.Range(1, 200).Select(i => Bulk(i, i * 0.5)), retain: false, "-V", version);

        // mosquitto_pub has ended, so everything is acknowledged, so everything is durable.
        List<Row> rows = await node.RowsAsync(Feed);
        rows.Select(r => r.Sequence).ShouldBe(Enumerable.Range(1, 200).Select(i => (long)i));
        rows[^1][0].ShouldBe(100.0);
        rows[^1][1].ShouldBe(9007199254740993UL);
        rows[^1][2].ShouldBeNull();
        await node.StopAsync();
        Directory.EnumerateFiles(Path.Combine(_folder, "feeds", Feed), "*.parquet", SearchOption.AllDirectories).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Publish_CommitNotDone_HoldsThePuback()
    {
        var store = new MemoryFeedStore();
        await using BrokerNode node = await BrokerNode.StartAsync(_folder, configure: s => s.AddSingleton<IFeedStore>(store));
        await Mosquitto.PublishAsync(node.Port, MetadataTopic, Metadata(), retain: true);
        store.Block();
        int attempts = store.Attempts;

        using Process publisher = Mosquitto.StartPublisher(node.Port, Topic);
        await publisher.StandardInput.WriteLineAsync(Bulk(1, 1.5));
        publisher.StandardInput.Close();
        await IngestNode.UntilAsync(() => store.Attempts > attempts, "no commit was tried");
        publisher.HasExited.ShouldBeFalse();
        store.Release();

        using var deadline = new CancellationTokenSource(IngestNode.Patience);
        await publisher.WaitForExitAsync(deadline.Token);
        publisher.ExitCode.ShouldBe(0);
        store.Rows(Feed).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Stop_InTheMiddleOfTraffic_LosesNothingAndStoresNothingTwice()
    {
        const int Count = 3_000;
        BrokerNode node = await BrokerNode.StartAsync(_folder);
        int port = node.Port;
        await Mosquitto.PublishAsync(port, MetadataTopic, Metadata(), retain: true);
        await using var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = port, ClientId = "aoi1", CleanStart = false, SessionExpiry = TimeSpan.FromHours(1), ReconnectDelay = TimeSpan.FromMilliseconds(50) });
        await client.StartAsync();
        Task published = Task.Run(async () =>
        {
            var pending = new Queue<Task>();
            for (int i = 1; i <= Count; i++)
            {
                pending.Enqueue(client.PublishAsync(Topic, Encoding.UTF8.GetBytes(Bulk(i, i)), MqttQualityOfService.AtLeastOnce).AsTask());
                if (pending.Count >= 50)
                    await pending.Dequeue();
            }

            await Task.WhenAll(pending);
        });
        await node.UntilRecordsAsync(Feed, 200);

        await node.StopAsync();
        await using BrokerNode again = await BrokerNode.StartAsync(_folder, port);
        await Mosquitto.PublishAsync(port, MetadataTopic, Metadata(), retain: true);
        await published.WaitAsync(IngestNode.Patience);

        (await again.RowsAsync(Feed)).Select(r => r.Sequence).ShouldBe(Enumerable.Range(1, Count).Select(i => (long)i));
    }

    [Fact]
    public async Task Publish_FromThisProcess_ReachesClientsAndSubscribersHere()
    {
        await using BrokerNode node = await BrokerNode.StartAsync(_folder);
        var bus = node.Get<IMessageBus>();
        bus.State.ShouldBe(BusState.Connected);
        await bus.PublishAsync("answers/1", "kept"u8.ToArray(), retain: true);
        var seen = new List<string>();
        IDisposable subscription = bus.Subscribe("answers/+", (in BusMessage message) =>
        {
            seen.Add($"{message.Topic} {Encoding.UTF8.GetString(message.Payload)} {message.Retained}");
            message.Acknowledgement.Complete();
            return ValueTask.CompletedTask;
        });

        await bus.PublishAsync("answers/2", "live"u8.ToArray());
        subscription.Dispose();
        await bus.PublishAsync("answers/3", "late"u8.ToArray());

        seen.ShouldBe(["answers/1 kept True", "answers/2 live False"]);
        (await Mosquitto.FirstAsync(node.Port, "answers/#")).ShouldBe("kept");
    }

    [Fact]
    public async Task Subscribe_ManyAndOneThatThrows_AllGetItAndThePublisherIsAnswered()
    {
        await using BrokerNode node = await BrokerNode.StartAsync(_folder);
        var bus = node.Get<IMessageBus>();
        int seen = 0;
        for (int i = 0; i < 50; i++)
        {
            bus.Subscribe("many/#", (in BusMessage message) =>
            {
                Interlocked.Increment(ref seen);
                message.Acknowledgement.Complete();
                return ValueTask.CompletedTask;
            });
        }

        bus.Subscribe("many/+", (in BusMessage _) => throw new InvalidOperationException("broken"));

        await Mosquitto.PublishAsync(node.Port, "many/1", "x");

        seen.ShouldBe(50);
        node.Logs.Texts(1146).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Publish_PlainJson_FillsItsFeed()
    {
        await using BrokerNode node = await BrokerNode.StartAsync(_folder, ["Ingest:Subscriptions:0:Topic=plant/#", "Ingest:Subscriptions:0:Feed=plant.{2}"]);

        await Mosquitto.PublishLinesAsync(node.Port, "plant/press", ["""{"timestamp":"2026-01-01T00:00:00Z","force":1}""", """{"timestamp":"2026-01-01T00:00:01Z","force":2,"part":"A"}"""]);

        List<Row> rows = await node.RowsAsync("plant.press");
        rows.Select(r => r[0]).ShouldBe([1.0, 2.0]);
        rows[1][1].ShouldBe("A");
        rows[1].Time.ShouldBe(1_767_225_601);
    }

    [Fact]
    public async Task Metadata_ChangesOnTheRealStore_AddsColumnsAndStartsVersions()
    {
        await using BrokerNode node = await BrokerNode.StartAsync(_folder);
        await Mosquitto.PublishAsync(node.Port, MetadataTopic, Metadata(hash: 7), retain: true);
        await Mosquitto.PublishAsync(node.Port, Topic, Bulk(1, 1.5, hash: 7));

        await Mosquitto.PublishAsync(node.Port, MetadataTopic, Metadata(hash: 8, more: """,{"name":"Speed","id":"sp","dataType":"Real"}"""), retain: true);
        await Mosquitto.PublishAsync(node.Port, Topic, """{"seq":2,"mdHashVer":8,"vals":[{"id":"h1","val":2.5},{"id":"sp","val":0.5}]}""");
        List<Row> rows = await node.RowsAsync(Feed);
        rows.Select(r => r[0]).ShouldBe([1.5, 2.5]);
        rows[1][3].ShouldBe(0.5);

        await Mosquitto.PublishAsync(node.Port, MetadataTopic, Metadata(hash: 9).Replace("\"Real\"", "\"String\"", StringComparison.Ordinal), retain: true);
        await Mosquitto.PublishAsync(node.Port, Topic, """{"seq":3,"mdHashVer":9,"vals":[{"id":"h1","val":"high"}]}""");

        node.Get<IFeedReader>().Find(Feed)!.Version.ShouldBe(2);
        (await node.RowsAsync(Feed))[^1].Values.ShouldContain("high");
    }

    [Fact]
    public async Task Publish_TenThousandValues_AreARecordEach()
    {
        await using BrokerNode node = await BrokerNode.StartAsync(_folder);
        string definitions = string.Join(',', Enumerable.Range(0, 10_000).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"name":"DB1.element{{i}}","id":"{{i}}","dataType":"Real"}""")));
        await Mosquitto.PublishAsync(node.Port, MetadataTopic, $$"""{"hashVersion":1,"connections":[{"name":"Line4","dataPoints":[{"name":"paste","topic":"{{Topic}}","dataPointDefinitions":[{{definitions}}]}]}]}""", retain: true);

        string values = string.Join(',', Enumerable.Range(0, 10_000).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{i}}","val":{{i}}.5}""")));
        await Mosquitto.PublishAsync(node.Port, Topic, $$"""{"seq":1,"mdHashVer":1,"vals":[{{values}}]}""");

        List<Row> rows = await node.RowsAsync(Feed);
        rows.Count.ShouldBe(10_000);
        rows[^1].Values.ShouldBe(["DB1.element9999", 9999.5]);
    }

    [Fact]
    public async Task Start_PortInUse_NamesPortAndRemedy()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;

        IOException refused = await Should.ThrowAsync<IOException>(() => BrokerNode.StartAsync(_folder, port));

        refused.Message.ShouldContain(port.ToString(CultureInfo.InvariantCulture));
        refused.Message.ShouldContain("Mlops:Mqtt:Port");
    }

    [Fact]
    public async Task Connect_WithUserAndPassword_LetsOnlyThemIn()
    {
        await using BrokerNode node = await BrokerNode.StartAsync(_folder, ["Mqtt:UserName=plc", "Mqtt:Password=secret", "Mqtt:AllowAnonymousFromLoopback=false", "Mqtt:Port=0"]);

        await Mosquitto.PublishAsync(node.Port, MetadataTopic, Metadata(), retain: true, "-u", "plc", "-P", "secret");
        node.Get<IFeedReader>().Find(Feed).ShouldNotBeNull();
        (await Mosquitto.TryPublishAsync(node.Port, Topic, Bulk(1, 1), "-u", "plc", "-P", "wrong")).ShouldNotBe(0);
        (await Mosquitto.TryPublishAsync(node.Port, Topic, Bulk(1, 1))).ShouldNotBe(0);
        (await node.RowsAsync(Feed)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Mqtt:Address=0.0.0.0", "no other machine may connect")]
    [InlineData("Mqtt:Address=here", "'here'")]
    [InlineData("Mqtt:Port=70000", "Port")]
    [InlineData("Mqtt:Password=x", "UserName is not")]
    [InlineData("Mqtt:AllowAnonymousFromLoopback=false", "nobody could connect")]
    [InlineData("Mqtt:Host=mqtt://broker;Mqtt:Port=1883", "without 'mqtt://'")]
    [InlineData("Mqtt:Host=broker;Mqtt:Port=0", "Port is 0")]
    public async Task Start_SettingThatCannotBe_NamesIt(string settings, string expected)
    {
        OptionsValidationException refused = await Should.ThrowAsync<OptionsValidationException>(() => BrokerNode.StartAsync(_folder, settings.Split(';')));
        refused.Message.ShouldContain(expected);
        refused.Message.ShouldNotContain("secret");
    }
}

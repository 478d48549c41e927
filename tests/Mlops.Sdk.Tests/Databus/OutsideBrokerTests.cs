using System.Text;
using Mlops.Databus;
using Mlops.Messaging;
using Mlops.Mqtt;
using Mlops.Tests.Ingest;
using static Mlops.Tests.Databus.DatabusMessages;

namespace Mlops.Tests.Databus;

public sealed class OutsideBrokerTests : IDisposable
{
    private readonly string _folder = BrokerNode.NewFolder();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Start_BrokerThere_AsksForAnUpdateAndFillsFeeds()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await Mosquitto.PublishAsync(broker.Port, MetadataTopic, Metadata(), retain: true);
        BrokerNode? node = null;

        string request = await Mosquitto.FirstAsync(broker.Port, DatabusTopics.UpdateRequest, async () =>
        {
            // The subscriber must be there first; a retained message on the way tells.
            await Task.Delay(300);
            node = await BrokerNode.StartAsync(_folder, broker);
        });
        request.ShouldBe("{\"Path\":\"\"}");
        await using BrokerNode started = node.ShouldNotBeNull();
        started.Get<IMqttEndpoint>().Port.ShouldBe(broker.Port);
        started.Get<IMessageBus>().State.ShouldBe(BusState.Connected);
        await Mosquitto.PublishLinesAsync(broker.Port, Topic, Enumerable.Range(1, 500).Select(i => Bulk(i, i)));

        await started.UntilRecordsAsync(Feed, 500);
        (await started.RowsAsync(Feed)).Select(r => r.Sequence).ShouldBe(Enumerable.Range(1, 500).Select(i => (long)i));
    }

    [Fact]
    public async Task BrokerRestarts_InTheMiddleOfTraffic_LosesNothingAndStoresNothingTwice()
    {
        const int Count = 1_000;
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await Mosquitto.PublishAsync(broker.Port, MetadataTopic, Metadata(), retain: true);
        await using BrokerNode node = await BrokerNode.StartAsync(_folder, broker);
        await using var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = broker.Port, ClientId = "aoi1", CleanStart = false, SessionExpiry = TimeSpan.FromHours(1), ReconnectDelay = TimeSpan.FromMilliseconds(50) });
        await client.StartAsync();
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task published = Task.Run(async () =>
        {
            for (int i = 1; i <= Count; i++)
            {
                if (i == Count / 2)
                    await stopping.Task;
                await client.PublishAsync(Topic, Encoding.UTF8.GetBytes(Bulk(i, i)), MqttQualityOfService.AtLeastOnce);
            }
        });
        await node.UntilRecordsAsync(Feed, 100);

        Task stopped = broker.StopAsync();
        stopping.SetResult();
        await stopped;
        await IngestNode.UntilAsync(() => node.Get<IMessageBus>().State != BusState.Connected, "the loss was not noticed");
        await broker.RunAsync();

        await published.WaitAsync(IngestNode.Patience);
        await node.UntilRecordsAsync(Feed, Count);
        (await node.RowsAsync(Feed)).Select(r => r.Sequence).Order().ShouldBe(Enumerable.Range(1, Count).Select(i => (long)i));
    }

    [Fact]
    public async Task NodeRestarts_MessagesCameMeanwhile_AreTakenThoughMetadataComesBehindThem()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await Mosquitto.PublishAsync(broker.Port, MetadataTopic, Metadata(), retain: true);
        await using (BrokerNode node = await BrokerNode.StartAsync(_folder, broker))
        {
            await Mosquitto.PublishLinesAsync(broker.Port, Topic, Enumerable.Range(1, 10).Select(i => Bulk(i, i)));
            await node.UntilRecordsAsync(Feed, 10);
        }

        // More than mosquitto sends without acknowledgement, so the window is full of values whose metadata we do not know yet.
        await Mosquitto.PublishLinesAsync(broker.Port, Topic, Enumerable.Range(11, 90).Select(i => Bulk(i, i)));
        await using BrokerNode again = await BrokerNode.StartAsync(_folder, broker);

        await again.UntilRecordsAsync(Feed, 100);
        (await again.RowsAsync(Feed)).Select(r => r.Sequence).ShouldBe(Enumerable.Range(1, 100).Select(i => (long)i));
        again.Report.DeadLetters.ShouldBe(0);
    }

    [Fact]
    public async Task NodeRestarts_MetadataChangedMeanwhile_WhatTheBrokerHeldIsReadByTheVersionThatItNames()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await Mosquitto.PublishAsync(broker.Port, MetadataTopic, Metadata(hash: 7), retain: true);
        await using (BrokerNode node = await BrokerNode.StartAsync(_folder, broker))
        {
            await Mosquitto.PublishLinesAsync(broker.Port, Topic, Enumerable.Range(1, 10).Select(i => Bulk(i, i, hash: 7)));
            await node.UntilRecordsAsync(Feed, 10);
        }

        await Mosquitto.PublishLinesAsync(broker.Port, Topic, Enumerable.Range(11, 50).Select(i => Bulk(i, i, hash: 7)));
        await Mosquitto.PublishAsync(broker.Port, MetadataTopic, Metadata(hash: 8), retain: true);
        await Mosquitto.PublishLinesAsync(broker.Port, Topic, Enumerable.Range(61, 40).Select(i => Bulk(i, i, hash: 8)));
        await using BrokerNode again = await BrokerNode.StartAsync(_folder, broker);

        await again.UntilRecordsAsync(Feed, 100);
        (await again.RowsAsync(Feed)).Select(r => r.Sequence).ShouldBe(Enumerable.Range(1, 100).Select(i => (long)i));
        again.Report.DeadLetters.ShouldBe(0);
    }

    [Fact]
    public async Task Start_BrokerNotThereYet_StartsAndConnectsLater()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await broker.StopAsync();

        await using BrokerNode node = await BrokerNode.StartAsync(_folder, broker);
        node.Get<IMessageBus>().State.ShouldNotBe(BusState.Connected);
        await broker.RunAsync();

        await IngestNode.UntilAsync(() => node.Get<IMessageBus>().State == BusState.Connected, "it did not connect");
        await Mosquitto.PublishAsync(broker.Port, MetadataTopic, Metadata(), retain: true);
        await IngestNode.UntilAsync(() => node.Get<Mlops.Store.IFeedReader>().Find(Feed) is not null, "the feed is missing");
    }

    [Fact]
    public async Task Will_NodeLosesItsConnection_SaysUnavailable()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using BrokerNode node = await BrokerNode.StartAsync(_folder, broker);

        // Another client under our name throws us out, which for the broker is a loss of the connection.
        string status = await Mosquitto.FirstAsync(broker.Port, DatabusTopics.Status("node1"), async () =>
        {
            await using var thief = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = broker.Port, ClientId = "mlops-node1" });
            await thief.ConnectAsync();
        });

        status.ShouldContain("\"status\":\"unavailable\"");
    }
}

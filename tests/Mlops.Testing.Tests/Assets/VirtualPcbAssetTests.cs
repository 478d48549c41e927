using System.Globalization;
using System.Text.Json;
using Mlops.Testing.Assets;
using Mlops.Testing.Pcb;

namespace Mlops.Testing.Tests.Assets;

public class VirtualPcbAssetTests
{
    private const string Metadata = "ie/m/j/simatic/v1/aoi1/dp";
    private const string Status = "ie/s/j/simatic/v1/aoi1/status";
    private const string Pads = "ie/d/j/simatic/v1/aoi1/dp/r/line4/pads";
    private const string Labels = "ie/d/j/simatic/v1/aoi1/dp/r/line4/labels";

    [Fact]
    public async Task ConnectAsync_LaterSubscriber_SeesRetainedMetadataAndStatus()
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var asset = new VirtualPcbAsset(Options(broker));
        await asset.ConnectAsync();
        await using var listener = await Listener.StartAsync(broker.Port);
        await Wait.Until(() => listener.Count(Metadata) == 1 && listener.Count(Status) == 1);

        listener.RetainFlags(Metadata).ShouldBe([true]);
        var metadata = listener.On(Metadata)[0];
        metadata.GetProperty("statustopic").GetString().ShouldBe(Status);
        var connection = metadata.GetProperty("connections")[0];
        connection.GetProperty("name").GetString().ShouldBe("line4");
        var pads = connection.GetProperty("dataPoints")[0];
        pads.GetProperty("topic").GetString().ShouldBe(Pads);
        Definitions(pads).Values.ShouldBe([.. PcbMeasurements.Names.Select(name => (name, "LReal")), ("machine_verdict", "String")], ignoreOrder: true);
        var labels = connection.GetProperty("dataPoints")[1];
        labels.GetProperty("topic").GetString().ShouldBe(Labels);
        Definitions(labels).Values.ShouldBe([("source_seq", "LInt"), ("source_ts", "String"), ("label", "String"), ("author", "String")], ignoreOrder: true);
        Definitions(pads).Keys.Intersect(Definitions(labels).Keys).ShouldBeEmpty();
        listener.On(Status)[0].GetProperty("connector").GetProperty("status").GetString().ShouldBe("available");
    }

    [Fact]
    public async Task PublishAsync_Records_ArriveInOrderAsTheProcessMadeThem()
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var listener = await Listener.StartAsync(broker.Port);
        await using var asset = new VirtualPcbAsset(Options(broker));
        await asset.ConnectAsync();
        await asset.PublishAsync(300);
        asset.Counts.ShouldBe(new AssetCounts(300, 300, 280, 280));
        asset.PendingLabels.ShouldBe(20);
        asset.Expectation.Records.ShouldBe(300);
        await Wait.Until(() => listener.Count(Pads) == 300);

        var metadata = listener.On(Metadata)[0];
        var names = Definitions(metadata.GetProperty("connections")[0].GetProperty("dataPoints")[0]);
        var hash = metadata.GetProperty("hashVersion").GetUInt32();
        var process = new PcbProcess(42);
        foreach (var message in listener.On(Pads))
        {
            var pad = process.Next();
            message.GetProperty("seq").GetInt64().ShouldBe(pad.Sequence);
            message.GetProperty("mdHashVer").GetUInt32().ShouldBe(hash);
            message.GetProperty("ts").GetDateTimeOffset().Offset.ShouldBe(TimeSpan.Zero);
            var values = message.GetProperty("vals").EnumerateArray().ToDictionary(val => names[val.GetProperty("id").GetString()!].Name);
            values.Values.ShouldAllBe(val => val.GetProperty("qc").GetInt32() == 3);
            var measurements = pad.Measurements;
            for (var i = 0; i < PcbMeasurements.Count; i++)
                values[PcbMeasurements.Names[i]].GetProperty("val").GetDouble().ShouldBe(measurements[i]);
            values["machine_verdict"].GetProperty("val").GetString().ShouldBe(pad.Verdict.ToText());
        }
    }

    [Fact]
    public async Task PublishPendingLabelsAsync_AfterRecords_NamesEachRecordOnceWithItsLabel()
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var listener = await Listener.StartAsync(broker.Port);
        var options = Options(broker);
        options.FirstSequence = 1_001;
        await using var asset = new VirtualPcbAsset(options);
        await asset.ConnectAsync();
        await asset.PublishAsync(100);
        await asset.PublishPendingLabelsAsync();
        asset.Counts.LabelsAcknowledged.ShouldBe(100);
        await Wait.Until(() => listener.Count(Labels) == 100 && listener.Count(Pads) == 100);

        var names = Definitions(listener.On(Metadata)[0].GetProperty("connections")[0].GetProperty("dataPoints")[1]);
        var expected = new PcbProcess(42).Take(100).ToArray();
        var times = listener.On(Pads).Select(message => message.GetProperty("ts").GetDateTime()).ToArray();
        var labels = listener.On(Labels);
        for (var i = 0; i < 100; i++)
        {
            var values = labels[i].GetProperty("vals").EnumerateArray()
                .ToDictionary(val => names[val.GetProperty("id").GetString()!].Name, val => val.GetProperty("val").GetString()!);
            values["source_seq"].ShouldBe((1_001 + i).ToString(CultureInfo.InvariantCulture));
            DateTime.Parse(values["source_ts"], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind).ShouldBe(times[i]);
            values["label"].ShouldBe(expected[i].Label.ToText());
            values["author"].ShouldBe("inspector");
            labels[i].GetProperty("seq").GetInt64().ShouldBe(i + 1);
        }
    }

    [Fact]
    public async Task RunAsync_WithARate_PublishesUntilStoppedAndEndsQuietly()
    {
        await using var broker = await Mosquitto.StartAsync();
        var options = Options(broker);
        options.RecordsPerSecond = 200;
        await using var asset = new VirtualPcbAsset(options);
        await asset.ConnectAsync();
        using var stop = new CancellationTokenSource();
        var run = asset.RunAsync(stop.Token);
        await Wait.Until(() => asset.Counts.RecordsAcknowledged >= 20);
        await stop.CancelAsync();
        await run;
        asset.Counts.Records.ShouldBeLessThan(200 * 20);
    }

    [Fact]
    public async Task PublishPendingLabelsAsync_AfterARunThatWasStopped_EveryRecordGetsItsLabelOnce()
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var listener = await Listener.StartAsync(broker.Port);
        var options = Options(broker);
        options.MaxOutstanding = 4;
        options.LabelDelayInRecords = 0;
        await using var asset = new VirtualPcbAsset(options);
        await asset.ConnectAsync();
        for (var round = 1; round <= 5; round++)
        {
            using var stop = new CancellationTokenSource();
            var run = asset.RunAsync(stop.Token);
            await Wait.Until(() => asset.Counts.RecordsAcknowledged >= 50 * round);
            await stop.CancelAsync();
            await run;
        }

        await asset.PublishPendingLabelsAsync();
        asset.Counts.Labels.ShouldBe(asset.Counts.Records);
        await Wait.Until(() => listener.Count(Labels) == asset.Counts.Records);
        listener.On(Labels).Select(label => long.Parse(label.GetProperty("vals")[0].GetProperty("val").GetString()!, CultureInfo.InvariantCulture))
            .ShouldBe(Enumerable.Range(1, (int)asset.Counts.Records).Select(i => (long)i));
    }

    [Fact]
    public async Task DisposeAsync_Connected_LeavesStatusUnavailable()
    {
        await using var broker = await Mosquitto.StartAsync();
        await using (var asset = new VirtualPcbAsset(Options(broker)))
            await asset.ConnectAsync();
        await using var listener = await Listener.StartAsync(broker.Port);
        await Wait.Until(() => listener.Count(Status) == 1);
        listener.On(Status)[0].GetProperty("connector").GetProperty("status").GetString().ShouldBe("unavailable");
    }

    [Fact]
    public async Task PublishAsync_BrokerRestartsWithoutMemory_AnnouncesAgainAndLosesNothing()
    {
        await using var broker = await Mosquitto.StartAsync();
        var options = Options(broker);
        options.RecordsPerSecond = 500;
        await using var asset = new VirtualPcbAsset(options);
        await asset.ConnectAsync();
        using var stop = new CancellationTokenSource();
        var run = asset.RunAsync(stop.Token);
        await Wait.Until(() => asset.Counts.RecordsAcknowledged >= 100);
        await broker.KillAsync();
        await broker.RunAsync();
        var before = asset.Counts.RecordsAcknowledged;
        await using var listener = await Listener.StartAsync(broker.Port);
        await Wait.Until(() => listener.Count(Metadata) > 0 && asset.Counts.RecordsAcknowledged > before + 600);
        await stop.CancelAsync();
        await run;
        listener.On(Status)[^1].GetProperty("connector").GetProperty("status").GetString().ShouldBe("available");
        asset.Counts.Records.ShouldBeGreaterThanOrEqualTo(asset.Counts.RecordsAcknowledged);
    }

    [Fact]
    public async Task ConnectAsync_NoBroker_SaysWhereAndWhatToDo()
    {
        var options = new VirtualPcbAssetOptions { App = "aoi1", Port = 1, ConnectTimeout = TimeSpan.FromSeconds(0.3) };
        await using var asset = new VirtualPcbAsset(options);
        (await Should.ThrowAsync<TimeoutException>(() => asset.ConnectAsync())).Message
            .ShouldStartWith("Asset 'aoi1' could not connect to mqtt://127.0.0.1:1 within 0.3 s: ");
    }

    [Theory]
    [InlineData("a+b", "pads", null)]
    [InlineData("", "pads", null)]
    [InlineData("aoi1", "labels", null)]
    [InlineData("aoi1", "pads", 0.0)]
    [InlineData("aoi1", "pads", double.NaN)]
    public void Constructor_UnusableOption_Throws(string app, string collection, double? rate) =>
        Should.Throw<ArgumentException>(() => new VirtualPcbAsset(new VirtualPcbAssetOptions { App = app, Collection = collection, RecordsPerSecond = rate }))
            .Message.ShouldStartWith($"Asset '{app}': ");

    private static VirtualPcbAssetOptions Options(Mosquitto broker) =>
        new() { Port = broker.Port, App = "aoi1", Connection = "line4", Seed = 42 };

    private static Dictionary<string, (string Name, string Type)> Definitions(JsonElement collection) =>
        collection.GetProperty("dataPointDefinitions").EnumerateArray().ToDictionary(
            point => point.GetProperty("id").GetString()!,
            point => (point.GetProperty("name").GetString()!, point.GetProperty("dataType").GetString()!));
}

using System.Diagnostics.Metrics;
using Mlops.Data;
using Mlops.Drivers;
using Mlops.Tests.Store;
using Mlops.Workflows;

namespace Mlops.Tests.Drivers;

public sealed class DriverInstrumentsTests : IDisposable
{
    private static readonly FeedField[] Number = [new("n", FieldType.Int64)];
    private readonly TemporaryFolder _folder = new();
    private readonly ScriptedDriverFactory _factory = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Report_LostAndReachedAgain_CountsErrorsReconnectsAndTimeInEachState()
    {
        string asset = $"press-{Guid.NewGuid():N}";
        _factory.Scripts[asset] = async (sink, run, stop) =>
        {
            FeedSchema schema = await sink.DeclareAsync("values", Number, stop);
            sink.Report(DriverState.Connected);
            if (run == 1)
            {
                sink.Report(DriverState.Degraded, "half of it is missing");
                sink.Report(DriverState.Degraded, "half of it is missing");
                sink.Report(DriverState.Connected);
                sink.Report(DriverState.Faulted, "lost");
                sink.Report(DriverState.Connecting);
                sink.Report(DriverState.Connected);
                throw new InvalidOperationException("broken");
            }

            for (int i = 0; i < 5; i++)
                await WriteAsync(sink, schema, 2, stop);
            await Task.Delay(Timeout.Infinite, stop);
        };
        await using DriverNode node = await StartAsync([], asset);
        await Eventually.IsTrueAsync(() => node.Assets.Find(asset)?.Records == 10, "the records were not written");

        AssetInfo info = node.Assets.Find(asset)!;
        (info.Errors, info.Reconnects, info.Restarts).ShouldBe((3, 2, 1));
        info.Bytes.ShouldBeGreaterThan(10 * 8);
        info.TimeInState.Keys.ShouldBe([DriverState.Connecting, DriverState.Connected, DriverState.Degraded, DriverState.Faulted], ignoreOrder: true);
        info.TimeInState[DriverState.Faulted].ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(40), "the pause before the restart");
        Dictionary<string, double> meter = Read(asset);
        meter["mlops.drivers.records kind=scripted"].ShouldBe(10);
        meter["mlops.drivers.size kind=scripted"].ShouldBe(info.Bytes);
        meter["mlops.drivers.errors kind=scripted"].ShouldBe(3);
        meter["mlops.drivers.reconnects kind=scripted"].ShouldBe(2);
        meter["mlops.drivers.restarts kind=scripted"].ShouldBe(1);
        meter["mlops.drivers.held_back.time kind=scripted"].ShouldBe(0);
        meter["mlops.drivers.waiting kind=scripted"].ShouldBe(0);
        meter["mlops.drivers.state.time kind=scripted,state=faulted"].ShouldBe(info.TimeInState[DriverState.Faulted].TotalSeconds, 1e-6);
        meter["mlops.drivers.state.time kind=scripted,state=connected"].ShouldBeGreaterThan(0);
        await node.Catalog.RemoveAsync(asset, null);
        Read(asset).ShouldBeEmpty();
    }

    [Fact]
    public async Task Write_FasterThanRecordsAreKept_CountsTheTimeItWaits()
    {
        string asset = $"fast-{Guid.NewGuid():N}";
        _factory.Scripts[asset] = async (sink, _, stop) =>
        {
            FeedSchema schema = await sink.DeclareAsync("values", Number, stop);
            sink.Report(DriverState.Connected);
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => WriteAsync(sink, schema, 100, stop)));
            await Task.Delay(Timeout.Infinite, stop);
        };
        await using DriverNode node = await StartAsync(["Drivers:MaxWaitingRecords=100"], asset);
        await Eventually.IsTrueAsync(() => node.Assets.Find(asset)?.Records == 800, "the records were not written");

        AssetInfo info = node.Assets.Find(asset)!;
        info.HeldBack.ShouldBe(7);
        info.HeldBackTime.ShouldBeGreaterThan(TimeSpan.Zero);
        Read(asset)["mlops.drivers.held_back.time kind=scripted"].ShouldBe(info.HeldBackTime.TotalSeconds, 1e-6);
    }

    [Fact]
    public void Observe_MoreAssetsThanAreTold_AddsUpTheOthersOfTheirKind()
    {
        string prefix = Guid.NewGuid().ToString("N");
        using var instruments = new DriverInstruments();
        instruments.Observe(new ManyAssets([.. Enumerable.Range(0, 1_200).Select(i => new AssetInfo($"{prefix}-{i:D4}", prefix, DriverState.Connected, null, DateTimeOffset.UnixEpoch, []) { Records = 2 })]));

        Dictionary<string, double> others = Read("other");
        others[$"mlops.drivers.records kind={prefix}"].ShouldBe(400);
        Read($"{prefix}-0999")[$"mlops.drivers.records kind={prefix}"].ShouldBe(2);
        Read($"{prefix}-1000").ShouldBeEmpty();
    }

    private static Dictionary<string, double> Read(string asset)
    {
        var seen = new Dictionary<string, double>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Meter.Name == DriverInstruments.MeterName)
                to.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;

        void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            KeyValuePair<string, object?>[] all = tags.ToArray();
            if (all.Any(t => t.Key == "asset" && Equals(t.Value, asset)))
                seen[$"{instrument.Name} {string.Join(',', all.Where(t => t.Key != "asset").Select(t => $"{t.Key}={t.Value}"))}"] = value;
        }
    }

    private static async Task WriteAsync(IRecordSink sink, FeedSchema schema, int records, CancellationToken stop)
    {
        var rows = new RecordBatchBuilder(schema);
        for (int i = 0; i < records; i++)
        {
            rows.BeginRow(i + 1);
            rows.SetInt64(0, i);
            rows.EndRow();
        }

        using RecordBatch batch = rows.Build();
        await sink.WriteAsync(batch, stop);
    }

    private async Task<DriverNode> StartAsync(string[] settings, string asset)
    {
        DriverNode node = await DriverNode.StartAsync(_folder, settings, _factory);
        await node.Catalog.PutAsync(asset, new AssetChange("scripted", new System.Text.Json.Nodes.JsonObject { ["address"] = "x" }));
        return node;
    }

    private sealed class ManyAssets(IReadOnlyList<AssetInfo> all) : IAssets
    {
        public IReadOnlyList<string> Kinds => [];

        public IReadOnlyList<AssetInfo> List() => all;

        public AssetInfo? Find(string id) => all.FirstOrDefault(a => a.Id == id);

        public IReadOnlyList<AssetStateEntry> History(string id) => [];
    }
}

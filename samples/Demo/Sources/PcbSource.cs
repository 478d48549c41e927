using Mlops.Data;
using Mlops.Testing.Assets;

namespace Demo.Sources;

/// <summary>The virtual solder paste inspection.</summary>
internal sealed class PcbSource(long seed) : IDemoSource
{
    private const double TestRecordsPerSecond = 500;
    private VirtualPcbAssetOptions _options = new();
    private VirtualPcbAsset? _asset;

    public string Title => "virtual solder paste inspection";

    public bool IsQuantity => false;

    public string Workflow => "pcb-quality";

    public string Feed => FeedId.From(new FeedOrigin(_options.App, _options.Connection, _options.Collection));

    public string LabelFeed => FeedId.From(new FeedOrigin(_options.App, _options.Connection, _options.LabelCollection));

    public string LabelSet => "quality";

    public int TrainingRecords => 3000;

    public int TestRecords => 2000;

    public double? BestAccuracy => _asset?.Expectation.BestAccuracy;

    public AssetCounts Counts => _asset?.Counts ?? default;

    public Task ConnectAsync(string host, int port, long firstSequence, CancellationToken cancellationToken)
    {
        _options = new VirtualPcbAssetOptions { Host = host, Port = port, Seed = seed, FirstSequence = firstSequence, LabelDelayInRecords = 50, ClientId = "demo-asset" };
        _asset = new VirtualPcbAsset(_options);
        return _asset.ConnectAsync(cancellationToken);
    }

    public async Task PublishTrainingAsync(CancellationToken cancellationToken)
    {
        await _asset!.PublishAsync(TrainingRecords, cancellationToken);
        await _asset.PublishPendingLabelsAsync(cancellationToken);
    }

    public async Task PublishTestAsync(CancellationToken cancellationToken)
    {
        _options.RecordsPerSecond = TestRecordsPerSecond;
        await _asset!.PublishAsync(TestRecords, cancellationToken);
        await _asset.PublishPendingLabelsAsync(cancellationToken);
    }

    public async Task RunAsync(CancellationToken stop)
    {
        _options.RecordsPerSecond = TestRecordsPerSecond;
        await _asset!.RunAsync(stop);
        await _asset.PublishPendingLabelsAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _asset?.DisposeAsync() ?? ValueTask.CompletedTask;
}

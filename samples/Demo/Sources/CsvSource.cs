using Mlops.Data;
using Mlops.Testing.Assets;
using Mlops.Testing.Csv;

namespace Demo.Sources;

/// <summary>Anybody's CSV file, replayed: classes are learnt, or a quantity, as the label column has it. Test rows are replayed in whole rounds until there were at least a thousand.</summary>
internal sealed class CsvSource(DemoOptions options) : IDemoSource
{
    private const int LeastTestRecords = 1000;
    private const double TestRecordsPerSecond = 500;
    private readonly CsvTable _table = CsvTable.Load(options.Csv!.FullName);
    private CsvReplayAssetOptions _replay = new() { LabelColumn = options.Label! };
    private CsvReplayAsset? _asset;

    public string Title => options.Csv!.Name;

    public string Workflow => IsQuantity ? "tabular-regressor" : "tabular-classifier";

    public bool IsQuantity { get; private set; }

    public string Feed => FeedId.From(new FeedOrigin(_replay.App, _replay.Connection, _replay.Collection));

    public string LabelFeed => FeedId.From(new FeedOrigin(_replay.App, _replay.Connection, _replay.LabelCollection));

    public string LabelSet => "label";

    public int TrainingRecords => Asset.Split.Training.Count;

    public int TestRecords => Asset.Split.Test.Count * Rounds;

    public double? BestAccuracy => null;

    public AssetCounts Counts => _asset?.Counts ?? default;

    private int Rounds => (LeastTestRecords + Asset.Split.Test.Count - 1) / Asset.Split.Test.Count;

    // Made early, so that a file that cannot be used is refused before anything is started.
    private CsvReplayAsset Asset => _asset ??= new CsvReplayAsset(_table, _replay);

    public static CsvSource Open(DemoOptions options)
    {
        var source = new CsvSource(options);
        try
        {
            _ = new CsvLabels(source._table, options.Label!);
        }
        catch (CsvRegressionException)
        {
            source.IsQuantity = true;
        }

        source.Configure("127.0.0.1", 1883, 1);
        if (source.Asset.Split.Test.Count == 0)
            throw new DemoException($"'{options.Csv!.FullName}' has too few rows with a label ({source.Asset.Labels.Rows.Count}) to keep some for testing. Take a file with more rows.");
        return source;
    }

    public Task ConnectAsync(string host, int port, long firstSequence, CancellationToken cancellationToken)
    {
        Configure(host, port, firstSequence);
        return Asset.ConnectAsync(cancellationToken);
    }

    public Task PublishTrainingAsync(CancellationToken cancellationToken) => Asset.PublishTrainingAsync(cancellationToken);

    public async Task PublishTestAsync(CancellationToken cancellationToken)
    {
        _replay.RecordsPerSecond = TestRecordsPerSecond;
        for (int round = 0; round < Rounds; round++)
        {
            await Asset.PublishTestAsync(cancellationToken);
            await Asset.PublishTestLabelsAsync(cancellationToken);
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
                await PublishTestAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Asset.PublishTestLabelsAsync(CancellationToken.None);
        }
    }

    public ValueTask DisposeAsync() => _asset?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Configure(string host, int port, long firstSequence)
    {
        _replay = new CsvReplayAssetOptions
        {
            Host = host,
            Port = port,
            FirstSequence = firstSequence,
            ClientId = "demo-asset",
            LabelColumn = options.Label!,
            LabelIsQuantity = IsQuantity,
            TimeColumn = options.Time,
            Split = options.ChronologicalSplit ? CsvSplitRule.Chronological : CsvSplitRule.Stratified,
            Seed = options.Seed,
        };
        _asset = new CsvReplayAsset(_table, _replay);
    }
}

using Mlops.Ingest;
using Mlops.Prediction.Retraining;
using Mlops.Store;
using Mlops.Training;

namespace Mlops.Tests.Prediction.Retraining;

/// <summary>A node whose triggers are looked at all the time, on a clock that a test moves; it can be restarted.</summary>
internal sealed class RetrainingBench : IAsyncDisposable
{
    public const string Feed = PredictionNode.Feed;
    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-retraining").FullName;
    private readonly bool _python;
    private PredictionNode? _node;

    private RetrainingBench(bool python) => _python = python;

    public ShiftedTime Time { get; } = new();

    public string Folder => _folder;

    public PredictionNode Node => _node!;

    public IRetraining Retraining => Node.Get<IRetraining>();

    public static async Task<RetrainingBench> StartAsync(bool python = false)
    {
        var bench = new RetrainingBench(python);
        await bench.RestartAsync();
        return bench;
    }

    public async Task RestartAsync(Func<Task>? between = null)
    {
        if (_node is not null)
            await _node.DisposeAsync();
        await (between?.Invoke() ?? Task.CompletedTask);
        _node = await PredictionNode.StartAsync(_folder, time: Time, python: _python, settings:
        [
            ("Mlops:Prediction:TriggerInterval", "00:00:00.02"),
            ("Mlops:Prediction:QualityInterval", "00:00:00.02"),
            ("Mlops:Prediction:DriftWindow", "100"),
        ]);
    }

    /// <summary>Writes records of now.</summary>
    /// <returns>The position of the last one.</returns>
    public async Task<long> WriteAsync(params double[] values)
    {
        DateTimeOffset now = Time.GetUtcNow();
        await Node.Get<IFeedWriter>().WriteAsync(Feed, [.. values.Select((v, i) => new FeedRecord(now.AddTicks(i), new Dictionary<string, object?> { ["x"] = v }))]);
        return Node.Get<IFeedReader>().List().Single(f => f.Schema.Feed == Feed).LastPosition;
    }

    public Task<int> LabelAsync(params (long Position, string Value)[] labels) =>
        Node.Get<ILabels>().AddAsync(Feed, [.. labels.Select(l => new Label { Set = "side", Position = l.Position, Value = l.Value })]);

    /// <summary>Deploys a classifier that says high from 50 on.</summary>
    public async Task<string> DeployAsync()
    {
        string model = await Node.TrainClassifierAsync(_folder, 50);
        return (await Node.DeployAsync(model)).Id;
    }

    public async Task<TriggerInfo> AddAsync(string deployment, Func<TriggerRequest, TriggerRequest> change) =>
        await Retraining.AddAsync(change(new TriggerRequest { Name = "nightly", Deployment = deployment, CoolDown = TimeSpan.Zero }), "ada");

    /// <summary>The training of a classifier that says high from a limit on.</summary>
    public static TrainingRequest Classifier(double limit) => new() { Workflow = "side", Feed = Feed, Params = new Dictionary<string, object?> { ["factor"] = limit } };

    /// <summary>Waits until the newest retraining is in a state.</summary>
    public async Task<RetrainingInfo> UntilAsync(string trigger, RetrainingState state, int count = 1)
    {
        await PredictionNode.UntilAsync(() => Retraining.Retrainings(trigger) is { } all && all.Count >= count && (all[0].State == state || all[0].HasEnded));
        RetrainingInfo info = Retraining.Retrainings(trigger)[0];
        info.State.ShouldBe(state, info.Reason);
        Retraining.Retrainings(trigger).Count.ShouldBe(count);
        return info;
    }

    /// <summary>Waits until a trigger has been looked at since its last change, and a condition says something.</summary>
    public async Task<ConditionInfo> ConditionAsync(string trigger, Func<ConditionInfo, bool> says)
    {
        ConditionInfo? found = null;
        await PredictionNode.UntilAsync(() => (found = Retraining.Find(trigger)!.Conditions.FirstOrDefault(says)) is not null);
        return found!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

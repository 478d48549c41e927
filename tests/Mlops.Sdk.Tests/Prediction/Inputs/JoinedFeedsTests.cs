using System.Globalization;
using Mlops.Ingest;
using Mlops.Prediction;
using Mlops.Prediction.Backtests;
using Mlops.Store;
using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Tests.Prediction.Inputs;

public sealed class JoinedFeedsTests : IDisposable
{
    private static readonly IReadOnlyDictionary<string, FeedFieldReference> Bound = new Dictionary<string, FeedFieldReference> { ["t"] = new("oven", "heat") };
    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-joined").FullName;
    private readonly Dictionary<long, double?> _expected = [];
    private readonly List<(double Time, double Heat)> _oven = [];

    [Fact]
    public async Task Deployment_TwoFeeds_AnswersWithWhatHadComeByThenAndSoDoesABacktestAlsoAfterARestart()
    {
        string id, model;
        await using (PredictionNode node = await PredictionNode.StartAsync(_folder))
        {
            model = await TrainAsync(node);
            id = (await node.DeployAsync(model, r => r with { Inputs = Bound })).Id;
            await PressAsync(node, (10, 1), (11, 2));
            await OvenAsync(node, (12, 300));
            await PressAsync(node, (11.5, 3), (12, 4), (14, 5));
            await OvenAsync(node, (11, 200), (14, 400));
            await PressAsync(node, (11.9, 6), (13.9, 7), (14, 8), (24.0, 9), (24.5, 10));
            await node.WaitAsync(id, _expected.Keys.Max());
            await CheckAsync(node, id);
        }

        await using PredictionNode again = await PredictionNode.StartAsync(_folder);
        await PressAsync(again, (24, 11), (12.5, 12));
        await OvenAsync(again, (24, 500));
        await PressAsync(again, (30, 13), (40, 14));
        await again.WaitAsync(id, _expected.Keys.Max());
        await CheckAsync(again, id);

        // What was answered live becomes the truth that the backtest is held against.
        await again.Get<ILabels>().AddAsync(PredictionNode.Feed, [.. (await again.AnswersAsync(id)).Where(a => a.Values["twice"] is not null).Select(a => new Label { Set = "live", Value = ((double)a.Values["twice"]!).ToString("R", CultureInfo.InvariantCulture), Position = a.Source.Row })]);
        BacktestInfo backtest = await again.Get<IBacktests>().WaitAsync((await again.Get<IBacktests>().StartAsync(new BacktestRequest { Model = model, Deployment = id, Labels = "live", From = DateTimeOffset.UnixEpoch.AddSeconds(9) })).Id);
        backtest.Reason.ShouldBeNull();
        backtest.Labelled.ShouldBe(_expected.Count(e => e.Value is not null));
        backtest.Results[0].Figures.MeanAbsoluteError.ShouldBe(0);
    }

    [Fact]
    public async Task Deployment_RecordsInTheOrderOfTime_AnswersWithWhatATrainingSees()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        string model = await TrainAsync(node);
        DeploymentInfo deployment = await node.DeployAsync(model, r => r with { Inputs = Bound });
        for (int i = 0; i < 40; i++)
        {
            await OvenAsync(node, (10 + i, 32 + (18 * i)));
            await PressAsync(node, (10 + i, i), (10.25 + i, i));
        }

        await node.WaitAsync(deployment.Id, _expected.Keys.Max());
        using SelectedData selected = await node.Get<ITrainingSelection>().SelectAsync(
            new SelectionRequest
            {
                Feed = PredictionNode.Feed,
                Inputs = [(new WorkflowInput("x", InputType.Number, null), "x")],
                Joins = [new Mlops.Store.Selection.JoinedFeed("oven", [(new WorkflowInput("t", InputType.Number, "°C"), "heat")], 10_000_000_000)],
                From = 9_500_000_000,
            },
            CancellationToken.None);

        double[] learned = [.. selected.Data.Batches.SelectMany(b => Enumerable.Range(0, b.Count).Select(row => b.Column(0).Values<double>()[row] + b.Column(1).Values<double>()[row]))];
        List<PredictionResult> answers = await node.AnswersAsync(deployment.Id);
        answers.Select(a => (double)a.Values["twice"]! / 2).ShouldBe(learned, 1e-9);
        learned.Length.ShouldBe(80);
    }

    /// <summary>As they come when a connection is back, or when a file is replayed.</summary>
    [Fact]
    public async Task Deployment_ManyRecordsOfBothFeedsInOneGo_AnswersEachWithWhatCameBeforeIt()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        DeploymentInfo deployment = await node.DeployAsync(await TrainAsync(node), r => r with { Inputs = Bound });
        IFeedWriter writer = node.Get<IFeedWriter>();
        for (int round = 0; round < 20; round++)
        {
            var written = new List<Task>();
            lock (node.Get<IngestPipeline>().Gate)
            {
                for (int i = round * 50; i < (round + 1) * 50; i++)
                {
                    written.Add(writer.WriteAsync(PredictionNode.Feed, [Record(1 + i, "x", i)]).AsTask());
                    written.Add(writer.WriteAsync("oven", [Record(1 + i, "heat", 32 + (1.8 * (i + 1)))]).AsTask());
                }
            }

            await Task.WhenAll(written);
        }

        await node.WaitAsync(deployment.Id, node.Get<IFeedReader>().List().Single(f => f.Schema.Feed == PredictionNode.Feed).LastPosition);
        (await TwiceAsync(node, deployment)).Select(t => Math.Round(t!.Value, 6)).ShouldBe(Enumerable.Range(0, 1000).Select(i => 4.0 * i));
    }

    [Fact]
    public async Task Deployment_TooOldRecordOfTheOtherFeed_IsFilledOrSkippedAsAsked()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        string model = await TrainAsync(node);
        var hour = new Dictionary<string, TimeSpan> { ["oven"] = TimeSpan.FromHours(1) };
        DeploymentInfo patient = await node.DeployAsync(model, r => r with { Inputs = Bound, Tolerance = hour });
        DeploymentInfo filled = await node.DeployAsync(model, r => r with { Inputs = Bound, Fill = MissingValues.Default });
        DeploymentInfo skipped = await node.DeployAsync(model, r => r with { Inputs = Bound, Fill = MissingValues.Skip });
        DeploymentInfo last = await node.DeployAsync(model, r => r with { Inputs = Bound, Fill = MissingValues.Last });

        await OvenAsync(node, (100, 212));
        long end = await PressAsync(node, (109, 1), (111, 2));
        foreach (DeploymentInfo deployment in (DeploymentInfo[])[patient, filled, skipped, last])
            await node.WaitAsync(deployment.Id, end);

        (await TwiceAsync(node, patient)).ShouldBe([202.0, 204.0]);
        (await TwiceAsync(node, filled)).ShouldBe([202.0, 2.0 * (2 + 20)]);
        (await TwiceAsync(node, skipped)).ShouldBe([202.0]);
        (await TwiceAsync(node, last)).ShouldBe([202.0, null], "a value that is too old is no last value");
    }

    [Fact]
    public async Task Swap_ModelThatTakesOver_JoinsFromTheFirstRecordOn()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        string model = await TrainAsync(node), other = await TrainAsync(node, factor: 3);
        DeploymentInfo deployment = await node.DeployAsync(model, r => r with { Inputs = Bound });
        await OvenAsync(node, (100, 212));
        await node.WaitAsync(deployment.Id, await PressAsync(node, (101, 1)));

        await node.Deployments.SwapAsync(deployment.Id, other, null);
        await node.WaitAsync(deployment.Id, await PressAsync(node, (102, 2)));

        (await TwiceAsync(node, deployment)).ShouldBe([202.0, 306.0]);
    }

    [Fact]
    public async Task Start_OtherFeedsThatDoNotFit_NamesAllAtOnce()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        string model = await TrainAsync(node);
        await node.Get<IFeedWriter>().WriteAsync("scale", [new FeedRecord(DateTimeOffset.UnixEpoch, new Dictionary<string, object?> { ["mass"] = "heavy" })]);

        foreach ((string input, FeedFieldReference bound, string[] told) in ((string, FeedFieldReference, string[])[])
        [
            ("t", new("scale", "mass"), ["'t' wants Float64", "field 'mass' of feed 'scale' is Text"]),
            ("t", new("oven", "cold"), ["'cold'", "feed 'oven' does not have", "heat"]),
            ("t", new("stove", "heat"), ["'stove', which does not exist"]),
            ("tt", new("oven", "heat"), ["no input 'tt'", "Did you mean 't'"]),
        ])
        {
            string message = (await Should.ThrowAsync<WorkflowException>(() => node.DeployAsync(model, r => r with { Inputs = new Dictionary<string, FeedFieldReference> { [input] = bound } }))).Message;
            told.ShouldAllBe(t => message.Contains(t));
        }

        (await Should.ThrowAsync<WorkflowException>(() => node.DeployAsync(model, r => r with { Inputs = Bound, Tolerance = new Dictionary<string, TimeSpan> { ["*"] = TimeSpan.FromSeconds(-1) } })))
            .Message.ShouldContain("tolerance");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<List<double?>> TwiceAsync(PredictionNode node, DeploymentInfo deployment) => [.. (await node.AnswersAsync(deployment.Id)).Select(a => (double?)a.Values["twice"])];

    private async Task<string> TrainAsync(PredictionNode node, double factor = 2)
    {
        string package = Directory.CreateDirectory(Path.Combine(_folder, "joined")).FullName;
        await File.WriteAllTextAsync(Path.Combine(package, "workflow.yaml"), """
            name: joined
            version: 1.0.0
            description: Adds what two machines say.
            runtime: stand-in
            inputs:
              - {name: x, type: number, default: 0}
              - {name: t, type: number, unit: "°C", default: 20}
            parameters: {factor: 2.0}
            fill: "null"
            output: {fields: [{name: twice, type: number}]}
            """);
        await node.Get<IWorkflowCatalog>().InstallAsync(package, trusted: true);
        if (node.Get<IFeedReader>().Find("oven") is null)
        {
            await node.Get<IFeedWriter>().DeclareAsync("oven", [new Mlops.Data.FeedField("heat", Mlops.Data.FieldType.Float64) { Unit = "°F" }]);
            await OvenAsync(node, (0, 32));
            await PressAsync(node, (1, 1));
            _expected.Clear();
        }

        return await node.TrainAsync(new TrainingRequest
        {
            Workflow = "joined",
            Feed = PredictionNode.Feed,
            Inputs = Bound,
            Tolerance = new Dictionary<string, TimeSpan> { ["oven"] = TimeSpan.FromSeconds(10) },
            Params = new Dictionary<string, object?> { ["factor"] = factor },
        });
    }

    private async Task OvenAsync(PredictionNode node, params (double Time, double Heat)[] records)
    {
        await node.Get<IFeedWriter>().WriteAsync("oven", [.. records.Select(r => Record(r.Time, "heat", r.Heat))]);
        _oven.AddRange(records);
    }

    /// <summary>Writes records and notes what is to be answered: with the newest of the oven's records so far that is not newer, and not older than ten seconds.</summary>
    private async Task<long> PressAsync(PredictionNode node, params (double Time, double X)[] records)
    {
        await node.Get<IFeedWriter>().WriteAsync(PredictionNode.Feed, [.. records.Select(r => Record(r.Time, "x", r.X))]);
        long last = node.Get<IFeedReader>().List().Single(f => f.Schema.Feed == PredictionNode.Feed).LastPosition;
        for (int i = 0; i < records.Length; i++)
        {
            (double time, double x) = records[i];
            (double Time, double Heat)[] eligible = [.. _oven.Where(o => o.Time <= time && o.Time >= time - 10)];
            _expected[last - records.Length + 1 + i] = eligible.Length == 0 ? null : 2 * (x + ((eligible.Last(o => o.Time == eligible.Max(e => e.Time)).Heat - 32) / 1.8));
        }

        return last;
    }

    private async Task CheckAsync(PredictionNode node, string deployment)
    {
        List<PredictionResult> answers = await node.AnswersAsync(deployment);
        answers.Select(a => a.Source.Row).Distinct().ShouldBe(_expected.Keys.Order());
        foreach (PredictionResult answer in answers)
        {
            double? expected = _expected[answer.Source.Row], got = (double?)answer.Values["twice"];
            got.HasValue.ShouldBe(expected.HasValue, $"record {answer.Source.Row}");
            if (expected is { } value)
                got!.Value.ShouldBe(value, 1e-9, $"record {answer.Source.Row}");
        }
    }

    private static FeedRecord Record(double seconds, string field, double value) => new(DateTimeOffset.UnixEpoch.AddSeconds(seconds), new Dictionary<string, object?> { [field] = value });
}

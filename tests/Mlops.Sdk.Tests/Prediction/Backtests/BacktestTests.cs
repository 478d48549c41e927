using Mlops.Prediction;
using Mlops.Prediction.Backtests;
using Mlops.Prediction.Quality;
using Mlops.Store;
using Mlops.Workflows;

namespace Mlops.Tests.Prediction.Backtests;

public sealed class BacktestTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-backtest").FullName;

    [Fact]
    public async Task Start_AgainstProduction_ComparesBothWithTheLabelsSideBySide()
    {
        string id;
        await using (PredictionNode node = await PredictionNode.StartAsync(_folder))
        {
            (DeploymentInfo deployment, string better) = await LabelledAsync(node);
            long stored = node.Get<IFeedReader>().List().Sum(f => f.Records);

            BacktestInfo queued = await node.Get<IBacktests>().StartAsync(new BacktestRequest { Model = better, Deployment = deployment.Id });
            BacktestInfo info = await node.Get<IBacktests>().WaitAsync(queued.Id);

            id = info.Id;
            info.Reason.ShouldBeNull();
            info.State.ShouldBe(BacktestState.Succeeded);
            info.Progress.ShouldBe(1);
            info.Records.ShouldBe(103);
            info.Labelled.ShouldBe(102, "the first record has no label");
            info.Results.Select(r => r.Model).ShouldBe([better, deployment.Request.Model]);
            info.Results[0].Figures.Accuracy.ShouldBe(1);
            info.Results[1].Figures.Accuracy!.Value.ShouldBe(92.0 / 102, 1e-9);
            info.Results[1].Figures.Confusion.ShouldContain(new ConfusionCell("low", "high", 10));
            info.Agreement!.Accuracy!.Value.ShouldBe(93.0 / 103, 1e-9);
            info.Results.ShouldAllBe(r => r.Answered == 103 && r.Failed == 0 && r.ComputeMs > 0);
            node.Get<IFeedReader>().List().Sum(f => f.Records).ShouldBe(stored, "nothing is stored but the result");
        }

        await using PredictionNode again = await PredictionNode.StartAsync(_folder);
        again.Get<IBacktests>().Find(id)!.Results.Count.ShouldBe(2);
        again.Get<IBacktests>().List().Single().Agreement!.Count.ShouldBe(103);
    }

    [Fact]
    public async Task Start_FilterLimitAndNoLabels_TakesWhatIsAskedForAndSaysWhyThereAreNoMetrics()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await node.WriteAsync([.. Enumerable.Range(0, 100).Select(v => (double)v)]);
        string model = await node.TrainAsync(_folder);
        node.Runtime.Fails = x => x == 70;

        BacktestInfo info = await RunAsync(node, new BacktestRequest { Model = model, Feed = PredictionNode.Feed, Filter = "x >= 50", Limit = 40 });

        info.Records.ShouldBe(40);
        info.Results.Single().Answered.ShouldBe(39);
        info.Results.Single().Failed.ShouldBe(1);
        info.Results.Single().Figures.Count.ShouldBe(0);
        info.WithoutLabels!.ShouldContain("without labels");
    }

    [Fact]
    public async Task Cancel_WhileItRuns_EndsItAndTheNextOneRuns()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await node.WriteAsync(1, 2, 3);
        string model = await node.TrainAsync(_folder);
        var never = new TaskCompletionSource();
        node.Runtime.Before = () => never.Task;
        var request = new BacktestRequest { Model = model, Feed = PredictionNode.Feed };
        BacktestInfo running = await node.Get<IBacktests>().StartAsync(request);
        BacktestInfo waiting = await node.Get<IBacktests>().StartAsync(request);
        await PredictionNode.UntilAsync(() => node.Get<IBacktests>().Find(running.Id)!.State == BacktestState.Running);
        node.Get<IBacktests>().Find(waiting.Id)!.State.ShouldBe(BacktestState.Queued, "one runs at a time");

        (await node.Get<IBacktests>().CancelAsync(running.Id))!.State.ShouldBe(BacktestState.Cancelled);
        never.SetResult();

        (await node.Get<IBacktests>().WaitAsync(waiting.Id)).State.ShouldBe(BacktestState.Succeeded);
        (await node.Get<IBacktests>().CancelAsync(waiting.Id))!.State.ShouldBe(BacktestState.Succeeded);
    }

    [Fact]
    public async Task Stop_WhileItRuns_RunsAgainAfterTheRestart()
    {
        string id;
        await using (PredictionNode node = await PredictionNode.StartAsync(_folder))
        {
            await node.WriteAsync(1, 2, 3);
            string model = await node.TrainAsync(_folder);
            var never = new TaskCompletionSource();
            node.Runtime.Before = () => never.Task;
            id = (await node.Get<IBacktests>().StartAsync(new BacktestRequest { Model = model, Feed = PredictionNode.Feed })).Id;
            await PredictionNode.UntilAsync(() => node.Get<IBacktests>().Find(id)!.State == BacktestState.Running);
        }

        await using PredictionNode again = await PredictionNode.StartAsync(_folder);
        BacktestInfo info = await again.Get<IBacktests>().WaitAsync(id);

        info.State.ShouldBe(BacktestState.Succeeded);
        info.Records.ShouldBe(3);
    }

    [Fact]
    public async Task Start_WhatCannotBe_IsRefused()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder);
        await node.WriteAsync(1);
        string model = await node.TrainAsync(_folder);
        string classifier = await node.TrainClassifierAsync(_folder, 50);
        var good = new BacktestRequest { Model = model, Feed = PredictionNode.Feed };

        foreach ((BacktestRequest request, string reason) in ((BacktestRequest, string)[])
        [
            (good with { Model = "m-none" }, "no model 'm-none'"),
            (good with { Feed = null }, "names no feed"),
            (good with { Deployment = "d-none" }, "no deployment 'd-none'"),
            (good with { Against = classifier }, "cannot be compared"),
            (good with { Limit = 0 }, "limit is 0"),
        ])
        {
            (await Should.ThrowAsync<WorkflowException>(() => node.Get<IBacktests>().StartAsync(request))).Message.ShouldContain(reason);
        }

        BacktestInfo failed = await RunAsync(node, good with { Filter = "x > 1000" });
        failed.State.ShouldBe(BacktestState.Failed);
        failed.Reason!.ShouldContain("no record");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<BacktestInfo> RunAsync(PredictionNode node, BacktestRequest request) =>
        await node.Get<IBacktests>().WaitAsync((await node.Get<IBacktests>().StartAsync(request)).Id);

    /// <summary>103 records, of which the truth is known from the second on: high from 60. Production says so from 50 on.</summary>
    private async Task<(DeploymentInfo Deployment, string Better)> LabelledAsync(PredictionNode node)
    {
        await node.WriteAsync(1);
        string production = await node.TrainClassifierAsync(_folder, 50);
        string better = await node.TrainClassifierAsync(_folder, 60);
        long last = await node.WriteAsync([.. Enumerable.Range(0, 100).Select(v => (double)v)]);
        await node.Get<ILabels>().AddAsync(PredictionNode.Feed, [.. Enumerable.Range(0, 100).Select(v => new Label { Set = "side", Value = v >= 60 ? "high" : "low", Position = last - 99 + v })]);
        return (await node.DeployAsync(production), better);
    }
}

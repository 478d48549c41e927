using Mlops.Ingest;
using Mlops.Prediction.Retraining;
using Mlops.Training;
using Mlops.Training.Lifecycle;
using Mlops.Workflows;

namespace Mlops.Tests.Prediction.Retraining;

public class TriggerTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Schedule_FallsDue_FiresOnceEachTime()
    {
        await using RetrainingBench bench = await RetrainingBench.StartAsync();
        string deployment = await bench.DeployAsync();
        TriggerInfo trigger = await bench.AddAsync(deployment, t => t with { Schedule = new TriggerSchedule { Every = Hour } });
        trigger.Due!.Value.ShouldBe(trigger.Created + Hour, TimeSpan.FromMinutes(1));
        (await bench.ConditionAsync(trigger.Id, c => c.Kind == "schedule")).Met.ShouldBeFalse();
        bench.Retraining.Retrainings(trigger.Id).ShouldBeEmpty();

        bench.Time.Advance(Hour);
        RetrainingInfo first = await bench.UntilAsync(trigger.Id, RetrainingState.Succeeded);
        bench.Time.Advance(Hour);
        RetrainingInfo second = await bench.UntilAsync(trigger.Id, RetrainingState.Succeeded, 2);

        first.Reasons.ShouldHaveSingleItem().ShouldStartWith("schedule: due ");
        second.Fired.ShouldBeGreaterThanOrEqualTo(first.Fired + Hour);
        bench.Retraining.Find(trigger.Id)!.Due.ShouldBe(second.Fired + Hour);
        ModelInfo model = bench.Node.Get<IModels>().Find(second.Model!)!;
        model.Request!.Retraining.ShouldBe(second.Id);
        model.Request.Author.ShouldBe("trigger nightly");
        model.Workflow.ShouldBe("side");
        bench.Node.Get<ITrainings>().List().Count(t => t.Request.Retraining is not null).ShouldBe(2);
        bench.Node.Get<ILifecycle>().List(trigger.Id).Select(e => e.Action).ShouldBe(
            [LifecycleAction.RetrainingEnded, LifecycleAction.RetrainingStarted, LifecycleAction.RetrainingEnded, LifecycleAction.RetrainingStarted, LifecycleAction.TriggerAdded]);
        bench.Node.Get<ILifecycle>().List(trigger.Id)[^1].Author.ShouldBe("ada");
    }

    [Fact]
    public async Task Schedule_HostWasDownAtSeveralTimes_CountsOnce()
    {
        await using RetrainingBench bench = await RetrainingBench.StartAsync();
        string deployment = await bench.DeployAsync();
        TriggerInfo trigger = await bench.AddAsync(deployment, t => t with { Schedule = new TriggerSchedule { Cron = "0 * * * *" } });

        await bench.RestartAsync(() =>
        {
            bench.Time.Advance(5 * Hour);
            return Task.CompletedTask;
        });
        RetrainingInfo caughtUp = await bench.UntilAsync(trigger.Id, RetrainingState.Succeeded);

        bench.Retraining.Find(trigger.Id)!.Due!.Value.ShouldBeGreaterThan(caughtUp.Fired);
        bench.Retraining.Find(trigger.Id)!.Due!.Value.ShouldBeLessThanOrEqualTo(caughtUp.Fired + Hour);
        await bench.RestartAsync();
        await bench.ConditionAsync(trigger.Id, c => c is { Kind: "schedule", Met: false });
        bench.Retraining.Retrainings(trigger.Id).ShouldHaveSingleItem().Id.ShouldBe(caughtUp.Id);
    }

    [Fact]
    public async Task NewLabels_OfASet_AreCountedFromTheLastTimeOnAndOverARestart()
    {
        await using RetrainingBench bench = await RetrainingBench.StartAsync();
        string deployment = await bench.DeployAsync();
        TriggerInfo trigger = await bench.AddAsync(deployment, t => t with { NewLabels = 3 });
        long last = await bench.WriteAsync(1, 2, 3);
        await bench.LabelAsync((last - 2, "low"), (last - 1, "low"));
        await bench.ConditionAsync(trigger.Id, c => c is { Met: false, Text: "2 new labels of 3" });

        await bench.RestartAsync();
        await bench.ConditionAsync(trigger.Id, c => c is { Met: false, Text: "2 new labels of 3" });
        await bench.LabelAsync((last, "low"));
        RetrainingInfo info = await bench.UntilAsync(trigger.Id, RetrainingState.Succeeded);

        info.Reasons.ShouldBe(["newLabels: 3 new labels of 3"]);
        await bench.ConditionAsync(trigger.Id, c => c is { Met: false, Text: "0 new labels of 3" });
        bench.Node.Get<IModels>().Find(info.Model!)!.Data.Records.ShouldBe(5, "the new records are learned from");
    }

    [Fact]
    public async Task NewLabels_InAFieldOfTheFeed_AreRecordsWithAValueThere()
    {
        await using RetrainingBench bench = await RetrainingBench.StartAsync();
        await bench.Node.TrainClassifierAsync(bench.Folder, 50);
        async Task WriteAsync(params string?[] sides) => await bench.Node.Get<IFeedWriter>().WriteAsync("cutter", [.. sides.Select(s =>
            new FeedRecord(bench.Time.GetUtcNow(), new Dictionary<string, object?> { ["x"] = 1.0, ["side"] = s }))]);
        await WriteAsync("low", "high");
        TriggerInfo trigger = await bench.Retraining.AddAsync(new TriggerRequest { Name = "fields", Training = new TrainingRequest { Workflow = "side", Feed = "cutter" }, NewLabels = 4 });

        await WriteAsync("low", null, "high");
        await bench.ConditionAsync(trigger.Id, c => c is { Met: false, Text: "2 new labels of 4" });
        await WriteAsync(null, "low", "high");

        (await bench.UntilAsync(trigger.Id, RetrainingState.Succeeded)).Reasons.ShouldBe(["newLabels: 4 new labels of 4"]);
    }

    [Fact]
    public async Task Drift_ThatLasts_FiresOnceItHasLastedAlsoOverARestart()
    {
        await using RetrainingBench bench = await RetrainingBench.StartAsync();
        string deployment = await bench.DeployAsync();
        TriggerInfo trigger = await bench.AddAsync(deployment, t => t with { Drift = new DriftCondition { Psi = 5, Ks = 0.9, For = Hour }, CoolDown = Hour });
        async Task AnswerAsync(double value) => await bench.Node.WaitAsync(deployment, await bench.WriteAsync([.. Enumerable.Repeat(value, 100)]));

        await AnswerAsync(500);
        ConditionInfo drifted = await bench.ConditionAsync(trigger.Id, c => c.Since is not null);
        drifted.Met.ShouldBeFalse("it has not lasted yet");
        drifted.Text.ShouldContain("PSI of ");
        await bench.RestartAsync();
        await bench.ConditionAsync(trigger.Id, c => c.Since == drifted.Since && c.Text.Contains("too few records", StringComparison.Ordinal));
        bench.Time.Advance(Hour);
        await bench.ConditionAsync(trigger.Id, c => c is { Met: false });
        bench.Retraining.Retrainings(trigger.Id).ShouldBeEmpty("nothing is known since the restart");
        await PredictionNode.UntilAsync(() => bench.Node.Deployments.Find(deployment)!.State == Mlops.Prediction.DeploymentState.Running);
        await AnswerAsync(500);

        (await bench.UntilAsync(trigger.Id, RetrainingState.Succeeded)).Reasons.ShouldHaveSingleItem().ShouldStartWith("drift: drift: PSI of");
    }

    [Fact]
    public async Task Drift_ThatEndsBeforeItHasLasted_BeginsAnew()
    {
        await using RetrainingBench bench = await RetrainingBench.StartAsync();
        string deployment = await bench.DeployAsync();
        TriggerInfo trigger = await bench.AddAsync(deployment, t => t with { Drift = new DriftCondition { Ks = 0.9, For = Hour } });
        await bench.Node.WaitAsync(deployment, await bench.WriteAsync([.. Enumerable.Repeat(500.0, 100)]));
        await bench.ConditionAsync(trigger.Id, c => c.Since is not null);

        await bench.Node.WaitAsync(deployment, await bench.WriteAsync([.. Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? 1.0 : 99.0)]));
        await bench.ConditionAsync(trigger.Id, c => c.Since is null);
        bench.Time.Advance(2 * Hour);
        await bench.Node.WaitAsync(deployment, await bench.WriteAsync([.. Enumerable.Repeat(500.0, 100)]));

        (await bench.ConditionAsync(trigger.Id, c => c.Since is not null)).Met.ShouldBeFalse();
        bench.Retraining.Retrainings(trigger.Id).ShouldBeEmpty();
    }

    [Fact]
    public async Task Quality_BelowItsLimit_FiresOnceEnoughAnswersHaveLabels()
    {
        await using RetrainingBench bench = await RetrainingBench.StartAsync();
        string deployment = await bench.DeployAsync();
        TriggerInfo trigger = await bench.AddAsync(deployment, t => t with { Quality = new QualityCondition { Limit = 0.8, MinimumLabelled = 20 }, CoolDown = Hour });
        long last = await bench.WriteAsync([.. Enumerable.Repeat(55.0, 20)]);
        await bench.Node.WaitAsync(deployment, last);

        await bench.LabelAsync([.. Enumerable.Range(0, 19).Select(i => (last - i, "low"))]);
        await bench.ConditionAsync(trigger.Id, c => c is { Met: false, Text: "accuracy: over 19 labelled answers, 20 needed" });
        await bench.LabelAsync((last - 19, "low"));

        (await bench.UntilAsync(trigger.Id, RetrainingState.Succeeded)).Reasons.ShouldBe(["quality: accuracy 0, at least 0.8, over 20 labelled answers, 20 needed"]);
    }

    [Fact]
    public async Task CoolDown_AfterItHasFired_KeepsItFromFiringButNotFromARunByHand()
    {
        await using RetrainingBench bench = await RetrainingBench.StartAsync();
        string deployment = await bench.DeployAsync();
        TriggerInfo trigger = await bench.AddAsync(deployment, t => t with { NewLabels = 1, CoolDown = Hour });
        long last = await bench.WriteAsync(1, 2, 3);
        await bench.LabelAsync((last, "low"));
        RetrainingInfo first = await bench.UntilAsync(trigger.Id, RetrainingState.Succeeded);
        bench.Retraining.Find(trigger.Id)!.CoolsUntil.ShouldBe(first.Fired + Hour);

        await bench.LabelAsync((last - 1, "low"));
        await bench.ConditionAsync(trigger.Id, c => c is { Met: true });
        RetrainingInfo byHand = await bench.Retraining.RunAsync(trigger.Id, "grace");
        byHand.Reasons.ShouldBe(["run now by grace"]);
        await bench.UntilAsync(trigger.Id, RetrainingState.Succeeded, 2);
        await bench.LabelAsync((last - 2, "low"));
        await bench.ConditionAsync(trigger.Id, c => c is { Met: true });
        bench.Retraining.Retrainings(trigger.Id).Count.ShouldBe(2);
        bench.Time.Advance(Hour);

        (await bench.UntilAsync(trigger.Id, RetrainingState.Succeeded, 3)).Author.ShouldBeNull();
    }

    [Fact]
    public async Task Enable_OffAndOnAgain_SkipsWhatFellDueMeanwhile()
    {
        await using RetrainingBench bench = await RetrainingBench.StartAsync();
        string deployment = await bench.DeployAsync();
        TriggerInfo trigger = await bench.AddAsync(deployment, t => t with { Schedule = new TriggerSchedule { Every = Hour } });

        (await bench.Retraining.EnableAsync(trigger.Id, false, "ada")).ShouldSatisfyAllConditions(t => t.Enabled.ShouldBeFalse(), t => t.Due.ShouldBeNull());
        await bench.RestartAsync();
        bench.Time.Advance(2 * Hour);
        TriggerInfo enabled = await bench.Retraining.EnableAsync(trigger.Id, true, "grace");
        await bench.ConditionAsync(trigger.Id, c => c is { Kind: "schedule", Met: false });

        enabled.Due!.Value.ShouldBeGreaterThan(bench.Time.GetUtcNow());
        bench.Retraining.Retrainings(trigger.Id).ShouldBeEmpty();
        bench.Node.Get<ILifecycle>().List(trigger.Id).Select(e => (e.Action, e.Author)).ShouldBe(
            [(LifecycleAction.TriggerEnabled, "grace"), (LifecycleAction.TriggerDisabled, "ada"), (LifecycleAction.TriggerAdded, "ada")]);
        (await bench.Retraining.DeleteAsync(trigger.Id)).ShouldBeTrue();
        (await bench.Retraining.DeleteAsync(trigger.Id)).ShouldBeFalse();
        bench.Retraining.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task Look_DeploymentHasEnded_SaysSoAndDoesNotFire()
    {
        await using RetrainingBench bench = await RetrainingBench.StartAsync();
        string deployment = await bench.DeployAsync();
        TriggerInfo trigger = await bench.AddAsync(deployment, t => t with { Schedule = new TriggerSchedule { Every = Hour } });

        await bench.Node.Deployments.StopAsync(deployment);
        bench.Time.Advance(Hour);

        await PredictionNode.UntilAsync(() => bench.Retraining.Find(trigger.Id)!.Problem?.Contains("was ended", StringComparison.Ordinal) == true);
        bench.Retraining.Retrainings(trigger.Id).ShouldBeEmpty();
        (await Should.ThrowAsync<WorkflowException>(() => bench.Retraining.RunAsync(trigger.Id))).Message.ShouldContain("was ended");
    }

    [Fact]
    public async Task Add_WhatCannotWork_IsRefusedWithAllThatIsWrong()
    {
        await using RetrainingBench bench = await RetrainingBench.StartAsync();
        string deployment = await bench.DeployAsync();
        await bench.Node.TrainAsync(bench.Folder);
        var good = new TriggerRequest { Name = "good", Deployment = deployment, NewLabels = 10 };
        var alone = new TriggerRequest { Name = "alone", Training = RetrainingBench.Classifier(1), NewLabels = 10 };

        foreach ((TriggerRequest request, string[] reasons) in ((TriggerRequest, string[])[])
        [
            (good with { Name = " ", CoolDown = -Hour, Window = TimeSpan.Zero }, ["The name is", "cool-down is -01:00:00", "window is"]),
            (good with { NewLabels = null }, ["no condition"]),
            (good with { NewLabels = 0 }, ["new labels is 0"]),
            (good with { Deployment = "d-none" }, ["no deployment 'd-none'"]),
            (good with { Deployment = null }, ["Nothing says what is trained"]),
            (good with { Schedule = new TriggerSchedule { Cron = "nonsense" }, Drift = new DriftCondition() }, ["cannot be read", "drift has no limit"]),
            (good with { Drift = new DriftCondition { Psi = -1, Ks = 2, For = -Hour } }, ["index is -1", "distance is 2", "last -01:00:00"]),
            (good with { Quality = new QualityCondition { Limit = 80, MinimumLabelled = 0 } }, ["quality is 80", "0 labelled answers"]),
            (good with { Quality = new QualityCondition { Figure = QualityFigure.RootMeanSquareError, Limit = 1 } }, ["no numeric error"]),
            (good with { Release = new ReleasePlan { Backtest = Hour, MaximumLoss = -1, Step = ReleaseStep.Canary, Share = 2 }, Window = Hour }, ["newest 01:00:00", "maximum loss is -1", "share is 2"]),
            (good with { Training = new TrainingRequest { Workflow = "double", Feed = RetrainingBench.Feed }, Release = new ReleasePlan { Step = ReleaseStep.Promote } }, ["is of workflow 'side'", "learns without labels"]),
            (good with { Training = new TrainingRequest { Workflow = "sidde", Feed = RetrainingBench.Feed } }, ["Did you mean 'side'?"]),
            (alone with { Drift = new DriftCondition { Psi = 1 }, Release = new ReleasePlan { Step = ReleaseStep.Shadow } }, ["Drift and quality", "A backtest and a next step"]),
        ])
        {
            string message = (await Should.ThrowAsync<WorkflowException>(() => bench.Retraining.AddAsync(request))).Message;
            foreach (string reason in reasons)
                message.ShouldContain(reason);
        }

        bench.Retraining.List().ShouldBeEmpty();
        (await Should.ThrowAsync<WorkflowException>(() => bench.Retraining.RunAsync("tr-none"))).Message.ShouldContain("no trigger 'tr-none'");
        (await Should.ThrowAsync<WorkflowException>(() => bench.Retraining.ApproveAsync("r-none"))).Message.ShouldContain("no retraining 'r-none'");
    }
}

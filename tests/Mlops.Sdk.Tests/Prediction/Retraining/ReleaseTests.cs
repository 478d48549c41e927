using Mlops.Prediction;
using Mlops.Prediction.Candidates;
using Mlops.Prediction.Retraining;
using Mlops.Store;
using Mlops.Training;
using Mlops.Training.Lifecycle;
using Mlops.Workflows;

namespace Mlops.Tests.Prediction.Retraining;

public class ReleaseTests
{
    private static readonly ReleasePlan BacktestThenPromote = new() { Backtest = TimeSpan.FromHours(1), Approval = false, Step = ReleaseStep.Promote };

    [Theory]
    [InlineData(60, RetrainingState.Succeeded, true, "accuracy 1, production 0.5, over 20 labelled records")]
    [InlineData(50, RetrainingState.Succeeded, true, "accuracy 0.5, production 0.5, over 20 labelled records")]
    [InlineData(10, RetrainingState.Declined, false, "accuracy 0, production 0.5, over 20 labelled records")]
    public async Task Backtest_WithoutApproval_LetsOnlyAModelLiveThatIsNoWorse(double limit, RetrainingState state, bool passed, string verdict)
    {
        await using RetrainingBench bench = await RetrainingBench.StartAsync();
        string deployment = await bench.DeployAsync();
        string before = bench.Node.Deployments.Find(deployment)!.Request.Model;
        TriggerInfo trigger = await bench.AddAsync(deployment, t => t with { NewLabels = 20, Training = RetrainingBench.Classifier(limit), Release = BacktestThenPromote });

        // All of them are low; production says so below 50.
        await AddRecordsAsync(bench, deployment);
        RetrainingInfo info = await bench.UntilAsync(trigger.Id, state);

        (info.Passed, info.Verdict).ShouldBe((passed, verdict));
        bench.Node.Deployments.Find(deployment)!.Request.Model.ShouldBe(passed ? info.Model : before);
        bench.Node.Get<IModels>().Find(info.Model!)!.Data.Records.ShouldBe(2, "what the backtest takes is left out of the training");
    }

    [Fact]
    public async Task Backtest_WithoutLabels_IsNoReasonToGoLive()
    {
        await using RetrainingBench bench = await RetrainingBench.StartAsync();
        string deployment = await bench.DeployAsync();
        TriggerInfo trigger = await bench.AddAsync(deployment, t => t with { NewLabels = 1000, Release = BacktestThenPromote });
        await bench.WriteAsync(1, 2, 3);

        await bench.Retraining.RunAsync(trigger.Id);
        RetrainingInfo info = await bench.UntilAsync(trigger.Id, RetrainingState.Declined);

        info.Passed.ShouldBeNull();
        info.Verdict!.ShouldStartWith("None of the 3 records has a label");
    }

    [Fact]
    public async Task Approval_WaitsOverARestart_ThenTheModelTakesItsStep()
    {
        await using RetrainingBench bench = await RetrainingBench.StartAsync();
        string deployment = await bench.DeployAsync();
        TriggerInfo trigger = await bench.AddAsync(deployment, t => t with { NewLabels = 20, Training = RetrainingBench.Classifier(60), Release = BacktestThenPromote with { Approval = true } });
        await AddRecordsAsync(bench, deployment);
        RetrainingInfo waiting = await bench.UntilAsync(trigger.Id, RetrainingState.AwaitingApproval);
        bench.Node.Deployments.Find(deployment)!.Request.Model.ShouldNotBe(waiting.Model);

        await bench.RestartAsync();
        bench.Retraining.Find(trigger.Id)!.Problem!.ShouldContain("waits for approval");
        (await Should.ThrowAsync<WorkflowException>(() => bench.Retraining.RunAsync(trigger.Id))).Message.ShouldContain("Approve or reject it first");
        bench.Retraining.FindRetraining(waiting.Id)!.State.ShouldBe(RetrainingState.AwaitingApproval);
        await bench.Retraining.ApproveAsync(waiting.Id, "grace");
        RetrainingInfo info = await bench.UntilAsync(trigger.Id, RetrainingState.Succeeded);

        info.DecidedBy.ShouldBe("grace");
        bench.Node.Deployments.Find(deployment)!.Request.Model.ShouldBe(info.Model);
        (await Should.ThrowAsync<WorkflowException>(() => bench.Retraining.ApproveAsync(waiting.Id))).Message.ShouldContain("does not wait for approval: it is Succeeded");
        LifecycleEvent[] events = [.. bench.Node.Get<ILifecycle>().List(trigger.Id).Reverse()];
        events.Select(e => e.Action).ShouldBe(
            [LifecycleAction.TriggerAdded, LifecycleAction.RetrainingStarted, LifecycleAction.ApprovalWanted, LifecycleAction.Approved, LifecycleAction.RetrainingEnded]);
        events[2].Text!.ShouldContain("accuracy 1, production 0.5");
        events[3].ShouldSatisfyAllConditions(e => e.Author.ShouldBe("grace"), e => e.Model.ShouldBe(info.Model));
        bench.Node.Get<ILifecycle>().List(deployment)[0].ShouldSatisfyAllConditions(e => e.Action.ShouldBe(LifecycleAction.Swapped), e => e.Author.ShouldBe("grace"));
    }

    [Fact]
    public async Task Reject_ModelThatWaits_LeavesProductionAndLetsTheTriggerFireAgain()
    {
        await using RetrainingBench bench = await RetrainingBench.StartAsync();
        string deployment = await bench.DeployAsync();
        TriggerInfo trigger = await bench.AddAsync(deployment, t => t with { NewLabels = 1000, Release = new ReleasePlan { Step = ReleaseStep.Promote } });
        await bench.Retraining.RunAsync(trigger.Id);
        RetrainingInfo waiting = await bench.UntilAsync(trigger.Id, RetrainingState.AwaitingApproval);

        (await bench.Retraining.RejectAsync(waiting.Id, "grace", "not this week")).State.ShouldBe(RetrainingState.Rejected);

        bench.Retraining.FindRetraining(waiting.Id)!.Reason.ShouldBe("not this week");
        bench.Node.Deployments.Find(deployment)!.Request.Model.ShouldNotBe(waiting.Model);
        bench.Node.Get<IModels>().Find(waiting.Model!).ShouldNotBeNull();
        await bench.Retraining.RunAsync(trigger.Id);
        await bench.UntilAsync(trigger.Id, RetrainingState.AwaitingApproval, 2);
    }

    [Theory]
    [InlineData(ReleaseStep.Shadow, CandidateKind.Shadow, 1)]
    [InlineData(ReleaseStep.Canary, CandidateKind.Canary, 0.25)]
    public async Task Step_BesideProduction_TriesTheModelThere(ReleaseStep step, CandidateKind kind, double share)
    {
        await using RetrainingBench bench = await RetrainingBench.StartAsync();
        string deployment = await bench.DeployAsync();
        TriggerInfo trigger = await bench.AddAsync(deployment, t => t with { NewLabels = 1000, Release = new ReleasePlan { Step = step, Share = 0.25, Approval = false } });

        await bench.Retraining.RunAsync(trigger.Id, "ada");
        RetrainingInfo info = await bench.UntilAsync(trigger.Id, RetrainingState.Succeeded);

        DeploymentInfo now = bench.Node.Deployments.Find(deployment)!;
        now.Candidate!.ShouldSatisfyAllConditions(c => c.Model.ShouldBe(info.Model), c => c.Kind.ShouldBe(kind), c => c.Share.ShouldBe(share));
        now.Request.Model.ShouldNotBe(info.Model);
    }

    [Fact]
    public async Task Restart_WhileItTrains_TrainsAnew()
    {
        await using RetrainingBench bench = await RetrainingBench.StartAsync();
        string deployment = await bench.DeployAsync();
        TriggerInfo trigger = await bench.AddAsync(deployment, t => t with { NewLabels = 1000 });
        var never = new TaskCompletionSource();
        bench.Node.Runtime.BeforeTraining = () => never.Task;
        RetrainingInfo begun = await bench.Retraining.RunAsync(trigger.Id);
        await PredictionNode.UntilAsync(() => Trainings(bench, begun.Id) is [{ State: TrainingState.Running }] && bench.Retraining.FindRetraining(begun.Id)!.Training is not null);

        await bench.RestartAsync();
        RetrainingInfo info = await bench.UntilAsync(trigger.Id, RetrainingState.Succeeded);

        info.Id.ShouldBe(begun.Id);
        info.Attempts.ShouldBe(2);
        Trainings(bench, begun.Id).Select(t => (t.State, t.Interrupted)).ShouldBe([(TrainingState.Succeeded, false), (TrainingState.Failed, true)]);
    }

    [Fact]
    public async Task Restart_AfterACrashBetweenItsSteps_DoesNoneTwice()
    {
        await using RetrainingBench bench = await RetrainingBench.StartAsync();
        string deployment = await bench.DeployAsync();
        TriggerInfo trigger = await bench.AddAsync(deployment, t => t with { NewLabels = 1000, Release = new ReleasePlan { Step = ReleaseStep.Promote, Approval = false } });
        RetrainingInfo done = await bench.Retraining.RunAsync(trigger.Id);
        done = await bench.UntilAsync(trigger.Id, RetrainingState.Succeeded);

        // A crash before each of its steps was stored leaves it where it had begun, though all of them are done.
        RetrainingInfo lost = done with { State = RetrainingState.Training, Training = null, Model = null, Ended = null };
        await bench.Node.Get<NodeDatabase>().WriteAsync(db => RetrainingRows.Save(db, lost));
        int swaps = Swaps();
        await bench.RestartAsync();
        RetrainingInfo again = await bench.UntilAsync(trigger.Id, RetrainingState.Succeeded);

        again.Model.ShouldBe(done.Model);
        Trainings(bench, done.Id).Length.ShouldBe(1);
        Swaps().ShouldBe(swaps);

        int Swaps() => bench.Node.Get<ILifecycle>().List(deployment).Count(e => e.Action == LifecycleAction.Swapped);
    }

    [Fact]
    public async Task Cancel_WhileItTrains_EndsTheTrainingToo()
    {
        await using RetrainingBench bench = await RetrainingBench.StartAsync();
        string deployment = await bench.DeployAsync();
        TriggerInfo trigger = await bench.AddAsync(deployment, t => t with { NewLabels = 1000 });
        var never = new TaskCompletionSource();
        bench.Node.Runtime.BeforeTraining = () => never.Task;
        RetrainingInfo begun = await bench.Retraining.RunAsync(trigger.Id);
        await PredictionNode.UntilAsync(() => Trainings(bench, begun.Id) is [{ State: TrainingState.Running }] && bench.Retraining.FindRetraining(begun.Id)!.Training is not null);

        (await bench.Retraining.CancelAsync(begun.Id, "grace"))!.State.ShouldBe(RetrainingState.Cancelled);

        Trainings(bench, begun.Id).Single().State.ShouldBe(TrainingState.Cancelled);
        (await bench.Retraining.CancelAsync(begun.Id))!.State.ShouldBe(RetrainingState.Cancelled);
        (await bench.Retraining.CancelAsync("r-none")).ShouldBeNull();
    }

    [Fact]
    public async Task Training_Fails_EndsTheRetrainingWithItsReason()
    {
        await using RetrainingBench bench = await RetrainingBench.StartAsync();
        string deployment = await bench.DeployAsync();
        TriggerInfo trigger = await bench.AddAsync(deployment, t => t with { NewLabels = 1000 });
        bench.Node.Runtime.BeforeTraining = () => throw new WorkflowException("the kiln is cold");

        await bench.Retraining.RunAsync(trigger.Id);

        (await bench.UntilAsync(trigger.Id, RetrainingState.Failed)).Reason!.ShouldContain("the kiln is cold");
    }

    private static TrainingInfo[] Trainings(RetrainingBench bench, string retraining) => [.. bench.Node.Get<ITrainings>().List().Where(t => t.Request.Retraining == retraining)];

    private static async Task AddRecordsAsync(RetrainingBench bench, string deployment)
    {
        long last = await bench.WriteAsync([.. Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? 40.0 : 55.0)]);
        await bench.Node.WaitAsync(deployment, last);
        await bench.LabelAsync([.. Enumerable.Range(0, 20).Select(i => (last - i, "low"))]);
    }
}

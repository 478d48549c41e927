using Mlops.Workflows;

namespace Mlops.Training;

public class TrainingRestartTests
{
    [Fact]
    public async Task Start_AfterOrderlyStop_FailsWhatRanAndRunsWhatWaited()
    {
        await using TrainingBench bench = await new TrainingBench().StartAsync();
        (string running, string queued) = await OneRunsOneWaitsAsync(bench);
        await bench.RestartAsync();

        TrainingInfo failed = bench.Trainings.Find(running)!;
        (failed.State, failed.Reason).ShouldBe((TrainingState.Failed, "The host stopped while training. Start the training again."));
        failed.Ended.ShouldNotBeNull();
        bench.Trainings.Find(queued)!.State.ShouldBe(TrainingState.Queued);
        bench.Runtime.Train = (job, _, _) => Task.FromResult(FakeRuntime.Save(job));
        await bench.RunAsync();
        (await bench.Trainings.WaitAsync(queued).WaitAsync(TimeSpan.FromSeconds(30))).State.ShouldBe(TrainingState.Succeeded);
        bench.Trainings.Find(running)!.State.ShouldBe(TrainingState.Failed);
    }

    [Fact]
    public async Task Start_AfterCrash_FailsWhatRanAndRunsWhatWaited()
    {
        await using TrainingBench bench = await new TrainingBench().StartAsync();
        (string running, string queued) = await OneRunsOneWaitsAsync(bench);
        await bench.RestartAfterCrashAsync();

        bench.Runtime.Train = (job, _, _) => Task.FromResult(FakeRuntime.Save(job));
        bench.Trainings.Find(running)!.State.ShouldBe(TrainingState.Running);
        string[] before = bench.Files("models");
        before.ShouldContain(f => f.StartsWith(".tmp-", StringComparison.Ordinal));
        await bench.RunAsync();

        TrainingInfo failed = await bench.Trainings.WaitAsync(running);
        (failed.State, failed.Reason).ShouldBe((TrainingState.Failed, "The host stopped while training. Start the training again."));
        TrainingInfo succeeded = await bench.Trainings.WaitAsync(queued).WaitAsync(TimeSpan.FromSeconds(30));
        succeeded.State.ShouldBe(TrainingState.Succeeded);
        bench.Files("models").ShouldAllBe(f => f.StartsWith(succeeded.Model!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_AfterCrashBetweenPlacingAndRegistering_LeavesNoHalfModel()
    {
        await using TrainingBench bench = await new TrainingBench().StartAsync();
        TrainingInfo good = await bench.TrainAsync();
        string[] files = bench.Files("models");
        bench.Folder.Write("data/models/m-01hzzzzzzzzzzzzzzz/model.bin", "placed, never registered");
        bench.Folder.Write("data/models/.tmp-m-01hyyyyyyyyyyyyyyy/model.bin", "half");
        await bench.RestartAsync();
        bench.Models.List().ShouldHaveSingleItem().Id.ShouldBe(good.Model);
        bench.Files("models").ShouldBe(files);
    }

    [Fact]
    public async Task Start_TrainingQueuedBeforeTheHostRuns_IsRunOnce()
    {
        await using var bench = new TrainingBench();
        await bench.InstallAsync();
        int runs = 0;
        bench.Runtime.Train = (job, _, _) =>
        {
            Interlocked.Increment(ref runs);
            return Task.FromResult(FakeRuntime.Save(job));
        };
        TrainingInfo first = await bench.Trainings.StartAsync(TrainingBench.Request);
        await bench.RunAsync();
        TrainingInfo last = await bench.TrainAsync();
        bench.Trainings.Find(first.Id)!.State.ShouldBe(TrainingState.Succeeded);
        last.State.ShouldBe(TrainingState.Succeeded);
        runs.ShouldBe(2);
    }

    [Fact]
    public async Task Start_WorkflowOfAQueuedTrainingHasNewerVersion_KeepsTheOneItWasQueuedWith()
    {
        await using var bench = new TrainingBench();
        await bench.InstallAsync();
        TrainingInfo queued = await bench.Trainings.StartAsync(TrainingBench.Request);
        await bench.RestartAsync();
        await bench.Workflows.InstallAsync(SamplePackage.Folder(bench.Folder, "newer", SamplePackage.Manifest.Replace("1.0.0", "2.0.0", StringComparison.Ordinal)), trusted: true);
        await bench.RunAsync();
        TrainingInfo ended = await bench.Trainings.WaitAsync(queued.Id).WaitAsync(TimeSpan.FromSeconds(30));
        bench.Models.Find(ended.Model!)!.Version.ShouldBe("1.0.0");
    }

    private static async Task<(string Running, string Queued)> OneRunsOneWaitsAsync(TrainingBench bench)
    {
        var begun = new TaskCompletionSource();
        bench.Runtime.Train = async (job, _, stop) =>
        {
            FakeRuntime.Save(job);
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, stop);
            return null!;
        };
        string running = (await bench.Trainings.StartAsync(TrainingBench.Request)).Id;
        string queued = (await bench.Trainings.StartAsync(TrainingBench.Request)).Id;
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return (running, queued);
    }
}

using System.Collections.Concurrent;
using Mlops.Data;
using Mlops.Store;
using Mlops.Workflows;

namespace Mlops.Training;

public class TrainingsTests
{
    [Fact]
    public async Task Train_Succeeds_StoresAModelWithItsLineage()
    {
        await using TrainingBench bench = await new TrainingBench().StartAsync("parameters: {trees: 100, rate: 0.5}");
        TrainingJob? job = null;
        bench.Runtime.Train = (j, observer, _) =>
        {
            job = j;
            Directory.EnumerateFileSystemEntries(j.ModelFolder).ShouldBeEmpty();
            observer.Metric("loss", 0.5, 1);
            observer.Metric("loss", 0.25, 2);
            observer.Metric("accuracy", 0.9, null);
            observer.Metric("broken", double.NaN, null);
            return Task.FromResult(FakeRuntime.Save(j));
        };

        TrainingInfo training = await bench.TrainAsync(TrainingBench.Request with { Limit = 50, Filter = "a > 1", Params = new Dictionary<string, object?> { ["trees"] = 7 } });

        training.State.ShouldBe(TrainingState.Succeeded, training.Reason);
        training.Id.ShouldStartWith("t-");
        (training.Workflow, training.Version, training.Progress, training.Reason).ShouldBe(("side-of-cut", "1.0.0", 1, null));
        training.Metrics.ShouldBe(new Dictionary<string, double> { ["loss"] = 0.25, ["accuracy"] = 0.9 }, ignoreOrder: true);
        training.Started.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(training.Created);
        training.Ended.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(training.Started.Value);

        ModelInfo model = bench.Models.Find(training.Model!).ShouldNotBeNull();
        model.Id.ShouldBe($"m{training.Id[1..]}");
        model.Training.ShouldBe(training.Id);
        model.PackageDigest.ShouldBe(bench.Workflows.Find("side-of-cut")!.Digest);
        model.Folder.ShouldBe(Path.Combine(bench.Folder["data"], "models", model.Id));
        bench.Files("models").ShouldBe([model.Id, $"{model.Id}/model.bin", $"{model.Id}/parts", $"{model.Id}/parts/a.bin"]);
        model.Digest.ShouldBe(Workflows.Packages.FileDigests.OfFolder(model.Folder).Digest);
        model.Inputs.ShouldBe([new FeedField("a", FieldType.Float64), new FeedField("b", FieldType.Float64)]);
        model.Classes.ShouldBe(["left", "right"]);
        model.Data.ShouldBe(new DataSnapshot("cutter", 3, 100, 102, null, "side", "abcdef"));
        model.Parameters.ShouldBe(new Dictionary<string, object?> { ["trees"] = 7L, ["rate"] = 0.5 });
        model.Environment.ShouldBe(new Dictionary<string, string> { ["python"] = "3.11" });
        model.Metrics.ShouldBe(training.Metrics, ignoreOrder: true);
        model.Measurements!.Phases.Keys.ShouldBe(["queued", "select", "start", "fit", "store"]);
        model.Measurements.Phases["fit"].ShouldBe(1.5);
        model.Measurements.Seconds.ShouldBeGreaterThan(0);
        model.Measurements.PeakMemoryMiB.ShouldBe(64);

        job!.Parameters.ShouldBe(model.Parameters);
        job.Package.ShouldBe(bench.Workflows.Find("side-of-cut"));
        (bench.Selection.Request!.Feed, bench.Selection.Request.Limit, bench.Selection.Request.Filter, bench.Selection.Request.Label).ShouldBe(("cutter", 50, "a > 1", "side"));
        bench.Selection.Request.Inputs!.Select(i => (i.Input.Name, i.Field)).ShouldBe([("a", "a"), ("b", "b")]);
        bench.Selection.Returned.ShouldBeTrue();
        await TrainingBench.UntilAsync(() => bench.Meter.Open == 0, "measuring ends");
    }

    [Fact]
    public async Task FindAndList_AfterRestart_SayTheSame()
    {
        await using TrainingBench bench = await new TrainingBench().StartAsync("parameters: {rate: 2.0, kind: x, none: null}");
        TrainingInfo first = await bench.TrainAsync(TrainingBench.Request with { From = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.FromHours(1)), Params = new Dictionary<string, object?> { ["rate"] = 3.0 } });
        TrainingInfo second = await bench.TrainAsync();
        ModelInfo model = bench.Models.Find(first.Model!)!;

        await bench.RestartAsync();

        bench.Trainings.List().Select(t => t.Id).ShouldBe([second.Id, first.Id]);
        TrainingInfo kept = bench.Trainings.Find(first.Id)!;
        kept.ShouldBeEquivalentTo(first);
        kept.Request.Params!["rate"].ShouldBe(3.0);
        bench.Models.Find(model.Id)!.ShouldBeEquivalentTo(model);
        bench.Models.List().Select(m => m.Id).ShouldBe([second.Model, first.Model]);
        (await bench.Trainings.WaitAsync(first.Id)).State.ShouldBe(TrainingState.Succeeded);
        bench.Models.Find("m-none").ShouldBeNull();
        bench.Trainings.Find("t-none").ShouldBeNull();
    }

    [Fact]
    public async Task Train_CodeFails_SaysWhyWithTraceback()
    {
        await using TrainingBench bench = await new TrainingBench().StartAsync();
        bench.Runtime.Train = (_, observer, _) =>
        {
            observer.Metric("loss", 1, 1);
            throw new WorkflowException("train of 'side-of-cut' failed: ValueError: bad", "Traceback (most recent call last):\n  File \"workflow.py\", line 3\nValueError: bad\n");
        };

        TrainingInfo training = await bench.TrainAsync();

        training.State.ShouldBe(TrainingState.Failed);
        training.Reason.ShouldBe("train of 'side-of-cut' failed: ValueError: bad\n\nTraceback (most recent call last):\n  File \"workflow.py\", line 3\nValueError: bad\n");
        training.Model.ShouldBeNull();
        training.Metrics["loss"].ShouldBe(1);
        training.Measurements!.Phases.Keys.ShouldBe(["queued", "select"]);
        bench.Models.List().ShouldBeEmpty();
        bench.Files("models").ShouldBeEmpty();
    }

    [Fact]
    public async Task Train_MessageCarriesTheTraceback_TellsItOnce()
    {
        await using TrainingBench bench = await new TrainingBench().StartAsync();
        bench.Runtime.Train = (_, _, _) => throw new WorkflowException("failed\nTraceback: x", "Traceback: x\n");
        (await bench.TrainAsync()).Reason.ShouldBe("failed\nTraceback: x");
    }

    [Fact]
    public async Task Train_RuntimeBreaks_HarmsOnlyThisTraining()
    {
        await using TrainingBench bench = await new TrainingBench().StartAsync();
        Func<TrainingJob, ITrainingObserver, CancellationToken, Task<TrainedModel>> good = bench.Runtime.Train;
        bench.Runtime.Train = (_, _, _) => throw new InvalidOperationException("wire cut");
        TrainingInfo training = await bench.TrainAsync();
        training.Reason.ShouldBe("The training failed inside the host: InvalidOperationException: wire cut The log of the host says more.");
        bench.Runtime.Train = (_, _, _) => throw new OperationCanceledException();
        (await bench.TrainAsync()).Reason.ShouldStartWith("The runtime gave the training up");
        bench.Runtime.Train = good;
        (await bench.TrainAsync()).State.ShouldBe(TrainingState.Succeeded);
    }

    [Fact]
    public async Task Train_NoModelFile_Fails()
    {
        await using TrainingBench bench = await new TrainingBench().StartAsync();
        bench.Runtime.Train = (_, _, _) => Task.FromResult(new TrainedModel(null, new Dictionary<string, string>(), new Dictionary<string, double>()));
        (await bench.TrainAsync()).Reason.ShouldBe("Training of 'side-of-cut' 1.0.0 ended without a model file. Let train return a model, and save write it.");
    }

    [Fact]
    public async Task Train_LongerThanItsTimeout_IsEndedAndSaysSo()
    {
        await using TrainingBench bench = await new TrainingBench().StartAsync("timeouts: {train: 50ms}");
        bench.Runtime.Train = async (_, _, stop) =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return null!;
        };
        TrainingInfo training = await bench.TrainAsync();
        training.State.ShouldBe(TrainingState.Failed);
        training.Reason.ShouldStartWith("Training of 'side-of-cut' 1.0.0 took longer than 00:00:00.0500000.");
    }

    [Fact]
    public async Task Train_ModelCannotBeRegistered_FailsAndLeavesNoFiles()
    {
        await using TrainingBench bench = await new TrainingBench().StartAsync();
        bench.Runtime.Train = async (job, _, stop) =>
        {
            await bench.Get<NodeDatabase>().WriteAsync(c => c.Run("INSERT INTO model (id, info) VALUES ($id, '{}')", ("$id", $"m{job.Id[1..]}")), stop);
            return FakeRuntime.Save(job);
        };
        TrainingInfo training = await bench.TrainAsync();
        training.State.ShouldBe(TrainingState.Failed);
        training.Model.ShouldBeNull();
        bench.Files("models").ShouldBeEmpty();
    }

    [Fact]
    public async Task Changed_OneTraining_TellsEachStateInOrder()
    {
        await using TrainingBench bench = await new TrainingBench().StartAsync();
        var told = new ConcurrentQueue<TrainingInfo>();
        bench.Trainings.Changed += _ => throw new InvalidOperationException("A bad handler harms nobody.");
        bench.Trainings.Changed += told.Enqueue;
        TrainingInfo training = await bench.TrainAsync();
        told.ShouldAllBe(t => t.Id == training.Id);
        told.Select(t => t.State).Distinct().ShouldBe([TrainingState.Queued, TrainingState.Running, TrainingState.Succeeded]);
        told.Last().ShouldBeEquivalentTo(training);
    }

    [Fact]
    public async Task CancelAsync_Queued_NeverRuns()
    {
        await using var bench = new TrainingBench();
        await bench.InstallAsync();
        TrainingInfo queued = await bench.Trainings.StartAsync(TrainingBench.Request);
        queued.State.ShouldBe(TrainingState.Queued);

        TrainingInfo cancelled = (await bench.Trainings.CancelAsync(queued.Id)).ShouldNotBeNull();
        (cancelled.State, cancelled.Started, cancelled.Reason).ShouldBe((TrainingState.Cancelled, null, null));
        cancelled.Ended.ShouldNotBeNull();
        bench.Runtime.Train = (_, _, _) => throw new InvalidOperationException("must not run");
        TrainingInfo next = await bench.Trainings.StartAsync(TrainingBench.Request);
        await bench.RunAsync();
        (await bench.Trainings.WaitAsync(next.Id)).State.ShouldBe(TrainingState.Failed);
        bench.Trainings.Find(queued.Id)!.State.ShouldBe(TrainingState.Cancelled);
        (await bench.Trainings.CancelAsync(queued.Id))!.State.ShouldBe(TrainingState.Cancelled);
        (await bench.Trainings.CancelAsync("t-none")).ShouldBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CancelAsync_Running_EndsItWhateverTheRuntimeThrows(bool otherException)
    {
        await using TrainingBench bench = await new TrainingBench().StartAsync();
        var begun = new TaskCompletionSource();
        bench.Runtime.Train = async (job, _, stop) =>
        {
            FakeRuntime.Save(job);
            begun.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, stop);
            }
            catch (OperationCanceledException) when (otherException)
            {
                throw new WorkflowException("the process is gone");
            }

            return null!;
        };
        TrainingInfo training = await bench.Trainings.StartAsync(TrainingBench.Request);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        bench.Trainings.Find(training.Id)!.State.ShouldBe(TrainingState.Running);

        TrainingInfo cancelled = (await bench.Trainings.CancelAsync(training.Id))!;

        (cancelled.State, cancelled.Reason, cancelled.Model).ShouldBe((TrainingState.Cancelled, null, null));
        (await bench.Trainings.WaitAsync(training.Id)).State.ShouldBe(TrainingState.Cancelled);
        bench.Files("models").ShouldBeEmpty();
    }

    [Fact]
    public async Task CancelAsync_RuntimeGoesOnToTheEnd_StillHasNoModel()
    {
        await using TrainingBench bench = await new TrainingBench().StartAsync();
        var begun = new TaskCompletionSource();
        bench.Runtime.Train = async (job, _, stop) =>
        {
            begun.SetResult();
            await TrainingBench.UntilAsync(() => stop.IsCancellationRequested, "the wish to cancel arrives");
            return FakeRuntime.Save(job);
        };
        TrainingInfo training = await bench.Trainings.StartAsync(TrainingBench.Request);
        await begun.Task;
        (await bench.Trainings.CancelAsync(training.Id))!.State.ShouldBe(TrainingState.Cancelled);
        bench.Models.List().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Train_MoreThanMaxParallel_WaitInOrder(int parallel)
    {
        await using TrainingBench bench = await new TrainingBench(null, ("Training:MaxParallel", $"{parallel}")).StartAsync();
        using var gate = new SemaphoreSlim(0);
        var begun = new ConcurrentQueue<string>();
        int running = 0, most = 0;
        bench.Runtime.Train = async (job, _, stop) =>
        {
            begun.Enqueue(job.Id);
            int now = Interlocked.Increment(ref running);
            lock (gate)
                most = Math.Max(most, now);
            await gate.WaitAsync(stop);
            Interlocked.Decrement(ref running);
            return FakeRuntime.Save(job);
        };
        var ids = new List<string>();
        for (int i = 0; i < 6; i++)
            ids.Add((await bench.Trainings.StartAsync(TrainingBench.Request)).Id);
        await TrainingBench.UntilAsync(() => Volatile.Read(ref running) == parallel, "the first ones run");
        bench.Trainings.List().Count(t => t.State == TrainingState.Queued).ShouldBe(6 - parallel);
        gate.Release(6);
        foreach (string id in ids)
            (await bench.Trainings.WaitAsync(id).WaitAsync(TimeSpan.FromSeconds(30))).State.ShouldBe(TrainingState.Succeeded);
        most.ShouldBe(parallel);
        ids.ShouldBe(ids.Order(StringComparer.Ordinal));
        if (parallel == 1)
            begun.ShouldBe(ids);
    }

    [Fact]
    public async Task StartAsync_MoreThanMaxQueued_IsRefused()
    {
        await using var bench = new TrainingBench(null, ("Training:MaxQueued", "2"));
        await bench.InstallAsync();
        await bench.Trainings.StartAsync(TrainingBench.Request);
        TrainingInfo second = await bench.Trainings.StartAsync(TrainingBench.Request);
        (await Should.ThrowAsync<WorkflowException>(() => bench.Trainings.StartAsync(TrainingBench.Request))).Message.ShouldContain("Mlops:Training:MaxQueued");
        await bench.Trainings.CancelAsync(second.Id);
        (await bench.Trainings.StartAsync(TrainingBench.Request)).State.ShouldBe(TrainingState.Queued);
    }

    [Fact]
    public async Task WaitAsync_UnknownOrGivenUp_Throws()
    {
        await using var bench = new TrainingBench();
        await bench.InstallAsync();
        await Should.ThrowAsync<ArgumentException>(() => bench.Trainings.WaitAsync("t-none"));
        TrainingInfo queued = await bench.Trainings.StartAsync(TrainingBench.Request);
        using var stop = new CancellationTokenSource();
        Task waiting = bench.Trainings.WaitAsync(queued.Id, stop.Token);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        bench.Trainings.Find(queued.Id)!.State.ShouldBe(TrainingState.Queued);
    }

    [Fact]
    public async Task Train_SelectionRefuses_SaysItsReason()
    {
        await using TrainingBench bench = await new TrainingBench().StartAsync();
        bench.Selection.Select = _ => throw new WorkflowException("The filter 'DROP' is no expression.");
        TrainingInfo training = await bench.TrainAsync();
        (training.State, training.Reason).ShouldBe((TrainingState.Failed, "The filter 'DROP' is no expression."));
    }

    [Theory]
    [InlineData("No selected record has a label in 'side'.")]
    [InlineData("All 3 selected records have the same label in 'side': 'left'.", "left", "left", "left")]
    [InlineData("The label 'up' in 'side' (record at position 102) is none of the classes left, right.", "left", "right", "up")]
    public async Task Train_UnusableLabels_SaysWhich(string reason, params string[] labels)
    {
        await using TrainingBench bench = await new TrainingBench().StartAsync();
        bench.Selection.Select = _ => bench.Selection.Labelled(labels);
        TrainingInfo training = await bench.TrainAsync();
        training.State.ShouldBe(TrainingState.Failed);
        training.Reason.ShouldStartWith(reason);
        bench.Selection.Returned.ShouldBeTrue();
    }

    [Fact]
    public async Task Train_OtherLabels_ReplaceTheManifests()
    {
        await using TrainingBench bench = await new TrainingBench().StartAsync();
        (await bench.TrainAsync(TrainingBench.Request with { Labels = "inspection" })).State.ShouldBe(TrainingState.Succeeded);
        bench.Selection.Request!.Label.ShouldBe("inspection");
    }
}

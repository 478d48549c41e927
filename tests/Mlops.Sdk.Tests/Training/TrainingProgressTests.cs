using System.Collections.Concurrent;
using System.Globalization;

namespace Mlops.Training;

public class TrainingProgressTests
{
    [Fact]
    public async Task Progress_ManyChanges_AreAnnouncedOncePerIntervalAndDurable()
    {
        var clock = new FakeClock();
        await using TrainingBench bench = await new TrainingBench(clock, ("Training:ProgressInterval", "00:00:10")).StartAsync();
        var told = new ConcurrentQueue<TrainingInfo>();
        bench.Trainings.Changed += told.Enqueue;
        using var gate = new SemaphoreSlim(0);
        using var reported = new SemaphoreSlim(0);
        bench.Runtime.Train = async (job, observer, stop) =>
        {
            for (int round = 1; round <= 2; round++)
            {
                for (int i = 0; i < 100; i++)
                    observer.Progress(round * 0.4, $"round {round}, step {i}");
                reported.Release();
                await gate.WaitAsync(stop);
            }

            return FakeRuntime.Save(job);
        };
        TrainingInfo training = await bench.Trainings.StartAsync(TrainingBench.Request);

        await reported.WaitAsync(TimeSpan.FromSeconds(30));
        bench.Trainings.Find(training.Id)!.ProgressText.ShouldBe("round 1, step 99");
        told.Count(t => t.Progress > 0).ShouldBe(0);
        clock.Advance(TimeSpan.FromSeconds(10));
        await TrainingBench.UntilAsync(() => told.Any(t => t.Progress > 0), "progress is announced");
        gate.Release();
        await reported.WaitAsync(TimeSpan.FromSeconds(30));
        clock.Advance(TimeSpan.FromSeconds(10));
        await TrainingBench.UntilAsync(() => told.Any(t => t.Progress > 0.5), "progress is announced again");
        bench.Get<TrainingRecords>().Find(training.Id)!.ProgressText.ShouldBe("round 2, step 99");
        gate.Release();
        TrainingInfo ended = await bench.Trainings.WaitAsync(training.Id).WaitAsync(TimeSpan.FromSeconds(30));

        told.Count(t => t.State == TrainingState.Running && t.Progress > 0).ShouldBe(2);
        ended.Measurements!.Seconds.ShouldBe(20);
        (ended.Progress, ended.ProgressText).ShouldBe((1, ""));
    }

    [Fact]
    public async Task Measurements_WaitedFor_CountTheTimeInTheQueue()
    {
        var clock = new FakeClock();
        await using var bench = new TrainingBench(clock);
        await bench.InstallAsync();
        bench.Runtime.Train = (job, _, _) =>
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            return Task.FromResult(FakeRuntime.Save(job) with { Phases = new Dictionary<string, double>() });
        };
        TrainingInfo training = await bench.Trainings.StartAsync(TrainingBench.Request);
        clock.Advance(TimeSpan.FromSeconds(60));
        await bench.RunAsync();
        TrainingInfo ended = await bench.Trainings.WaitAsync(training.Id).WaitAsync(TimeSpan.FromSeconds(30));
        ended.Measurements!.Seconds.ShouldBe(65);
        ended.Measurements.Phases.ShouldBe(new Dictionary<string, double> { ["queued"] = 60, ["select"] = 0, ["train"] = 5, ["store"] = 0 });
    }

    [Fact]
    public async Task Journal_LongOutput_KeepsTheLastLinesAlsoAfterRestart()
    {
        await using TrainingBench bench = await new TrainingBench(null, ("Training:LogLines", "10")).StartAsync();
        bench.Runtime.Train = (job, observer, _) =>
        {
            for (int i = 0; i < 100; i++)
                observer.Log(i == 99 ? new string('x', 10_000) : $"line {i}", isError: i == 98);
            observer.Metric("loss", 0.5, 7);
            return Task.FromResult(FakeRuntime.Save(job));
        };
        TrainingInfo training = await bench.TrainAsync();
        await bench.RestartAsync();

        IReadOnlyList<RunLogLine> lines = bench.Journal.Log(training.Id);
        lines.Count.ShouldBe(10);
        (lines[0].Text, lines[8].IsError, lines[9].Text.Length).ShouldBe(("line 90", true, 4001));
        bench.Journal.History(training.Id).ShouldBe([new MetricPoint("loss", 7, 0.5)]);
        bench.Journal.Log("t-none").ShouldBeEmpty();
        bench.Journal.History("t-none").ShouldBeEmpty();
    }

    [Fact]
    public void History_MorePointsThanKept_SpansTheWholeRun()
    {
        var history = new MetricHistory(16);
        for (int step = 0; step < 1000; step++)
            history.Add("loss", step, step / 2.0);
        for (int i = 0; i < 500; i++)
            history.Add(i.ToString(CultureInfo.InvariantCulture), 0, 0);

        MetricPoint[] loss = [.. history.Snapshot().Where(p => p.Name == "loss")];
        loss.Length.ShouldBeInRange(8, 17);
        loss[0].Step.ShouldBe(0);
        loss[^1].Step.ShouldBe(999);
        loss.Select(p => p.Step).ShouldBeInOrder();
        loss.ShouldAllBe(p => p.Value == p.Step / 2.0);
        loss.Select(p => p.Step).Distinct().Count().ShouldBe(loss.Length);
        history.Snapshot().Select(p => p.Name).Distinct().Count().ShouldBe(100);
    }

    [Fact]
    public void Observer_OddReports_AreTamed()
    {
        var training = new ActiveTraining(new TrainingInfo { Id = "t-1", Workflow = "a", Version = "1.0.0", State = TrainingState.Running, Request = TrainingBench.Request }, new TrainingOptions(), TimeProvider.System);
        training.Progress(7, null!);
        training.Info.Progress.ShouldBe(1);
        training.Progress(double.NaN, new string('x', 5000));
        training.Info.Progress.ShouldBe(1);
        training.Info.ProgressText.Length.ShouldBe(501);
        training.Metric("loss", double.PositiveInfinity, 3);
        training.Info.Metrics.ShouldBeEmpty();
        training.Lines.ShouldHaveSingleItem().Text.ShouldBe("Metric 'loss' is Infinity at step 3; it is not recorded.");
        for (int i = 0; i < 2000; i++)
            training.Metric($"m{i}", i, null);
        training.Info.Metrics.Count.ShouldBe(1000);
    }
}

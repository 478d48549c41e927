using System.Diagnostics;
using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Sdk.Tests.Runtime;

[Collection(RuntimeCollection.Name)]
public sealed class TrainingTests(RuntimeFixture fixture)
{
    private const string OnOwnRecords = "evaluate measures with the records that the model learned from; hold some out by 'split: {kind: random, heldOut: 0.2}' in workflow.yaml";

    [Fact]
    public async Task TrainAsync_ProgressMetricsAndOutput_ArriveInOrder()
    {
        Package package = new("talks", Sources.Train(
            """
            run.progress(0.25, "first")
            print("one")
            run.metric("loss", 0.5, 1)
            print("two", file=sys.stderr)
            run.metric("loss", float("nan"), step=2)
            run.progress(2, "over")
            os.write(1, b"native\n")
            return {"rows": data.rows}
            """) + "\n\ndef evaluate(model, data):\n    return {'rows': model['rows'], 'share': np.float32(0.5)}\n");
        var observer = new RecordingObserver();

        TrainedModel model = await fixture.Create().TrainAsync(Records.Job(package.Install()), observer, CancellationToken.None);

        observer.Said.Where(said => said != "out native").ShouldBe(
            ["progress 0.25 first", "out one", "metric loss 0.5 1", "error two", "metric loss NaN 2", "progress 1 over", "error " + OnOwnRecords, "metric rows 200 ", "metric share 0.5 "]);
        observer.Said.ShouldContain("out native");
        observer.ProcessId.ShouldNotBe(Environment.ProcessId);
        observer.ProcessId.ShouldBeGreaterThan(1);
        model.Phases.Keys.ShouldContain("evaluate");
    }

    [Fact]
    public async Task TrainAsync_RecordsHeldOut_AreWhatEvaluateMeasuresWith()
    {
        Package package = new("judges", Sources.Train("return float(data['x'].sum())") + "\n\ndef evaluate(model, data):\n    return {'rows': data.rows, 'labels': len(data.labels), 'differs': model != float(data['x'].sum())}\n");
        var observer = new RecordingObserver();
        TrainingJob job = Records.Job(package.Install());

        await fixture.Create().TrainAsync(job with { HeldOut = Records.Sides(7) }, observer, CancellationToken.None);

        observer.Said.ShouldBe(["metric rows 7 ", "metric labels 7 ", "metric differs 1 "]);
    }

    [Fact]
    public async Task TrainAsync_ProgressInATightLoop_IsThinnedButEndsRight()
    {
        Package package = new("floods", Sources.Train("for i in range(100001):\n    run.progress(i / 100000, 'looping')\nreturn 1"));
        var observer = new RecordingObserver();

        await fixture.Create().TrainAsync(Records.Job(package.Install()), observer, CancellationToken.None);

        observer.Said[^1].ShouldBe("progress 1 looping");
        observer.Said.Count.ShouldBeLessThan(1000);
    }

    [Fact]
    public async Task TrainAsync_TooManyLines_AreCountedInstead()
    {
        Package package = new("chatty", Sources.Train("for i in range(10500): print(i)\nreturn 1"));
        var observer = new RecordingObserver();

        await fixture.Create().TrainAsync(Records.Job(package.Install()), observer, CancellationToken.None);

        observer.Said.Count.ShouldBe(10_001);
        observer.Said[^1].ShouldBe("error 500 more lines were dropped; a training may print 10000.");
    }

    [Fact]
    public async Task TrainAsync_Parameters_AreItemsAndAttributes()
    {
        Package package = new("parameters", Sources.Train("print(params.depth, params['name'], params.rate, params.deep, params.none)\nreturn 1"));
        var observer = new RecordingObserver();
        var parameters = new Dictionary<string, object?> { ["depth"] = 3L, ["name"] = "größe", ["rate"] = 0.1, ["deep"] = true, ["none"] = null };

        await fixture.Create().TrainAsync(Records.Job(package.Install(), parameters: parameters), observer, CancellationToken.None);

        observer.Said.ShouldContain("out 3 größe 0.1 True None");
    }

    [Fact]
    public async Task TrainAsync_OwnSaveAndLoad_AreUsed()
    {
        WorkflowPackage package = new Package("saves", """
            import json, os

            def train(data, params, run):
                return {"limit": float(data["x"].mean())}

            def predict(model, batch):
                return ["right" if x > model["limit"] else "left" for x in batch["x"]]

            def save(model, folder):
                with open(folder / "model.json", "w") as file:
                    json.dump(model, file)

            def load(folder):
                with open(os.path.join(folder, "model.json")) as file:
                    return json.load(file)
            """).Install();
        IWorkflowRuntime runtime = fixture.Create();
        TrainingJob job = Records.Job(package);
        await runtime.TrainAsync(job, new RecordingObserver(), CancellationToken.None);
        Directory.GetFiles(job.ModelFolder).Select(Path.GetFileName).ShouldBe(["model.json"]);

        await using IPredictor predictor = await runtime.LoadAsync(new PredictorRequest(package, job.ModelFolder, job.Data.Inputs, ["left", "right"], 8), CancellationToken.None);
        using RecordBatch batch = Records.Batch(job.Data.Inputs, [5.0, 0.0], [-5.0, 0.0]);
        using RecordBatch answers = await predictor.PredictAsync(batch);

        answers.Rows().Select(row => row[0]).ShouldBe(["right", "left"]);
    }

    [Fact]
    public async Task TrainAsync_PolitelyCancelled_EndsByItself()
    {
        Package package = new("polite", Sources.Train("run.progress(0, 'ready')\nwhile not run.cancelled: time.sleep(0.01)\nprint('goodbye')\nreturn 1"));

        RecordingObserver observer = await CancelledAsync(package);

        observer.Said.ShouldContain("out goodbye");
    }

    [Theory]
    [InlineData("while True: pass")]
    [InlineData("time.sleep(1000)")]
    [InlineData("while True:\n    try: time.sleep(0.001)\n    except BaseException: pass")]
    [InlineData("x = 10 ** 300000\nwhile True: x * x")]
    [InlineData("import subprocess; subprocess.run(['sleep', '1000'])")]
    public async Task TrainAsync_CancelledAndDeaf_IsKilledSoon(string body) =>
        await CancelledAsync(new Package("deaf", Sources.Train($"run.progress(0, 'ready')\n{body}")));

    [Fact]
    public async Task TrainAsync_OverItsTime_SaysWhichLimit()
    {
        Package package = new Package("slow", Sources.Train("time.sleep(1000)")).Change(manifest => manifest with { TrainTimeout = TimeSpan.FromSeconds(2) });

        var failure = await Should.ThrowAsync<WorkflowException>(() => fixture.Create().TrainAsync(Records.Job(package.Install()), new RecordingObserver(), CancellationToken.None));

        failure.Message.ShouldBe("Workflow 'slow' 1.0.0: the training took longer than 00:00:02 and was ended. Train on less, or raise timeouts.train in workflow.yaml.");
    }

    [Theory]
    [InlineData("os._exit(3)", "ended itself with exit code 3")]
    [InlineData("import ctypes; ctypes.string_at(0)", "was ended by signal 11 (SIGSEGV: a fault in native code)")]
    [InlineData("os.kill(os.getpid(), 9)", "was ended by signal 9 (SIGKILL: often the system, for want of memory)")]
    public async Task TrainAsync_ProcessEnds_SaysHowWithItsLastOutput(string body, string how)
    {
        Package package = new("falls", Sources.Train($"print('last words')\n{body}"));

        var failure = await Should.ThrowAsync<WorkflowException>(() => fixture.Create().TrainAsync(Records.Job(package.Install()), new RecordingObserver(), CancellationToken.None));

        failure.Message.ShouldStartWith($"Workflow 'falls' 1.0.0: the process {how} during the training. Its last output:");
        failure.Message.ShouldContain("last words");
    }

    [Fact]
    public async Task TrainAsync_CodeForksProcesses_TheirOutputArrivesToo()
    {
        Package package = new("forks", Sources.Train(
            """
            import multiprocessing
            with multiprocessing.get_context("fork").Pool(2) as pool:
                results = pool.map(work, [1, 2, 3])
            print("sum", sum(results))
            return results
            """).Replace("def train", "def work(x):\n    print('child', x, flush=True)\n    return x * 2\n\ndef train", StringComparison.Ordinal));
        var observer = new RecordingObserver();

        await fixture.Create().TrainAsync(Records.Job(package.Install()), observer, CancellationToken.None);

        observer.Said.ShouldBe(["out child 1", "out child 2", "out child 3", "out sum 12"], ignoreOrder: true);
    }

    [Fact]
    public async Task TrainAsync_MemoryLimit_IsAMemoryErrorOfTheCode()
    {
        Package package = new("hungry", Sources.Train("return len(bytearray(900 * 1024 * 1024))"));

        var failure = await Should.ThrowAsync<WorkflowException>(() => fixture.Create(options => options.WorkerMemoryMiB = 600)
            .TrainAsync(Records.Job(package.Install()), new RecordingObserver(), CancellationToken.None));

        failure.Message.ShouldBe("Workflow 'hungry' 1.0.0: train raised MemoryError (workflow.py, line 5).");
    }

    [Fact]
    public async Task TrainAsync_ScikitLearn_StaysBelow170MiBAndKeepsSecretsOut()
    {
        // Not ru_maxrss: that one begins with the memory of the process that forked.
        Package package = new("frugal", Sources.Logistic.Replace(
            "    return model\n",
            "    import os\n    print('peak', [line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')][0])\n    print('secret', os.environ.get('Mlops__Web__ApiToken'), os.environ.get('MLOPS_WORKER'), os.nice(0))\n    return model\n",
            StringComparison.Ordinal));
        var observer = new RecordingObserver();
        Environment.SetEnvironmentVariable("Mlops__Web__ApiToken", "hidden");
        try
        {
            await fixture.Create().TrainAsync(
                Records.Job(package.Install(), parameters: new Dictionary<string, object?> { ["strength"] = 1.0 }), observer, CancellationToken.None);
        }
        finally
        {
            Environment.SetEnvironmentVariable("Mlops__Web__ApiToken", null);
        }

        long peak = long.Parse(observer.Said.Single(said => said.StartsWith("out peak ", StringComparison.Ordinal))[9..], System.Globalization.CultureInfo.InvariantCulture);
        peak.ShouldBeLessThan(170 * 1024);
        observer.Said.ShouldContain("out secret None None 10");
    }

    [Fact]
    public async Task TrainAsync_Ended_LeavesNoFolderAndNoProcess()
    {
        var observer = new RecordingObserver();

        await fixture.Create().TrainAsync(Records.Job(new Package("tidy", Sources.Train("print(os.getcwd())\nreturn 1")).Install()), observer, CancellationToken.None);

        string folder = observer.Said.Single(said => said.StartsWith("out ", StringComparison.Ordinal))["out ".Length..];
        folder.ShouldContain("mlops-worker-");
        Directory.Exists(folder).ShouldBeFalse();
        await IsGoneAsync(observer.ProcessId);
    }

    internal static async Task IsGoneAsync(int process)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        while (Directory.Exists($"/proc/{process}"))
            await Task.Delay(10, deadline.Token);
    }

    private async Task<RecordingObserver> CancelledAsync(Package package)
    {
        using var cancel = new CancellationTokenSource();
        var observer = new RecordingObserver();
        Task<TrainedModel> training = fixture.Create().TrainAsync(Records.Job(package.Install()), observer, cancel.Token);
        await observer.HearsAsync("progress 0 ready");
        long since = Stopwatch.GetTimestamp();
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => training);

        Stopwatch.GetElapsedTime(since).ShouldBeLessThan(TimeSpan.FromSeconds(5));
        await IsGoneAsync(observer.ProcessId);
        return observer;
    }
}

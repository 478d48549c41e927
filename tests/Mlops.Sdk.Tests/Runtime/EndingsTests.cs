using System.Diagnostics;
using Mlops.Data;
using Mlops.Python;
using Mlops.Runtime;
using Mlops.Workflows;

namespace Mlops.Sdk.Tests.Runtime;

/// <summary>Predictors whose code ends its process, hangs, or loses its host.</summary>
[Collection(RuntimeCollection.Name)]
public sealed class EndingsTests(RuntimeFixture fixture)
{
    private static readonly FeedSchema s_x = Records.Schema(("x", FieldType.Float64));

    private static readonly Package s_falling = new("falling", Sources.Predict("if batch['x'][0] < 0: print('falling'); os._exit(7)\nreturn ['left'] * batch.rows"));

    [Fact]
    public async Task PredictAsync_WorkerEnds_CallFailsAndTheNextAnswers()
    {
        await using IPredictor predictor = await LoadAsync(s_falling, inProcess: false);
        for (int time = 0; time < 3; time++)
        {
            int? process = predictor.ProcessId;
            var failure = await Should.ThrowAsync<WorkflowException>(() => AnswerAsync(predictor, -1));
            failure.Message.ShouldBe("Workflow 'falling' 1.0.0: the process ended itself with exit code 7 during predict. Its last output:\nfalling");

            (await AnswerAsync(predictor, 1)).ShouldBe("left");
            predictor.ProcessId.ShouldNotBe(process);
        }
    }

    [Fact]
    public async Task PredictAsync_WorkerKilledBetweenCalls_NextCallFailsAndTheOneAfterAnswers()
    {
        await using IPredictor predictor = await LoadAsync(s_falling, inProcess: false);
        using (Process process = Process.GetProcessById(predictor.ProcessId!.Value))
            process.Kill();

        // The signal is on its way: a call or two may still be answered.
        WorkflowException error = await Should.ThrowAsync<WorkflowException>(async () =>
        {
            for (int call = 0; call < 10_000; call++)
                await AnswerAsync(predictor, 1);
        });

        error.Message.ShouldContain("was ended by signal 9");
        (await AnswerAsync(predictor, 1)).ShouldBe("left");
    }

    [Fact]
    public async Task PredictAsync_WorkerEndsAgainAndAgain_RestartsWaitLonger()
    {
        await using IPredictor predictor = await LoadAsync(s_falling, inProcess: false);
        long since = 0;
        for (int time = 0; time < 4; time++)
        {
            since = Stopwatch.GetTimestamp();
            await Should.ThrowAsync<WorkflowException>(() => AnswerAsync(predictor, -1));
        }

        // Pauses so far: none, 250 ms, 500 ms.
        Stopwatch.GetElapsedTime(since).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(400));
    }

    [Fact]
    public async Task PredictAsync_OverItsTimeAgainAndAgain_RestartsWaitLonger()
    {
        Package package = new Package("hangs", Sources.Predict("if batch['x'][0] < 0:\n    time.sleep(1000)\nreturn ['left'] * batch.rows"))
            .Change(manifest => manifest with { PredictTimeout = TimeSpan.FromSeconds(2) });
        await using IPredictor predictor = await LoadAsync(package, inProcess: false);
        for (int time = 1; time <= 3; time++)
        {
            await Should.ThrowAsync<WorkflowException>(() => AnswerAsync(predictor, -1));
            predictor.Interruption!.ShouldStartWith(time == 1 ? "Its process ended; the next record starts another" : $"Its process ended {time} times in a row;");
        }

        // Pauses so far: none, 250 ms, and now 500 ms.
        long since = Stopwatch.GetTimestamp();
        (await AnswerAsync(predictor, 1)).ShouldBe("left");
        Stopwatch.GetElapsedTime(since).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(400));
        predictor.Interruption.ShouldBeNull();
    }

    [Theory]
    [InlineData(true, "while True: pass")]
    [InlineData(false, "while True: pass")]
    [InlineData(false, "time.sleep(1000)")]
    public async Task PredictAsync_OverItsTime_SaysSoAndAnswersTheNext(bool inProcess, string body)
    {
        Package package = new Package("hangs", Sources.Predict($"if batch['x'][0] < 0:\n    {body}\nreturn ['left'] * batch.rows"))
            .Change(manifest => manifest with { PredictTimeout = TimeSpan.FromSeconds(3) });
        await using IPredictor predictor = await LoadAsync(package, inProcess);
        await AnswerAsync(predictor, 1);

        var failure = await Should.ThrowAsync<WorkflowException>(() => AnswerAsync(predictor, -1));

        failure.Message.ShouldContain("predict did not answer 1 records within 3 s");
        (await AnswerAsync(predictor, 1)).ShouldBe("left");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PredictAsync_Cancelled_EndsSoonAndAnswersTheNext(bool inProcess)
    {
        string mark = $"busy {Guid.NewGuid():N}";
        Package package = new("cancels", Sources.Predict($"if batch['x'][0] < 0:\n    print('{mark}')\n    while True: pass\nreturn ['left'] * batch.rows"));
        await using IPredictor predictor = await LoadAsync(package, inProcess);
        using var cancel = new CancellationTokenSource();
        Task<object?> call = Task.Run(() => AnswerAsync(predictor, -1, cancel.Token));
        using (var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30)))
        {
            while (!fixture.Logged.Any(line => line.Text.Contains(mark, StringComparison.Ordinal)))
                await Task.Delay(5, deadline.Token);
        }

        await cancel.CancelAsync();

        (await Should.ThrowAsync<OperationCanceledException>(() => call)).CancellationToken.ShouldBe(cancel.Token);
        (await AnswerAsync(predictor, 1)).ShouldBe("left");
    }

    [Fact]
    public async Task DisposeAsync_Worker_IsGone()
    {
        IPredictor predictor = await LoadAsync(s_falling, inProcess: false);
        int process = predictor.ProcessId!.Value;

        await predictor.DisposeAsync();

        await TrainingTests.IsGoneAsync(process);
        await Should.ThrowAsync<ObjectDisposedException>(() => AnswerAsync(predictor, 1));
    }

    [Fact]
    public async Task Worker_HostIsKilledWhileNativeCodeHoldsTheInterpreter_EndsToo()
    {
        PythonInstallation python = await fixture.LocateAsync();
        string archive = RuntimeArchive.Ensure(fixture.Folder);
        WorkflowPackage package = new Package("orphan", "x = 10 ** 400000\nwhile True: x * x\n").Install();
        string socket = Path.Combine(Path.GetTempPath(), $"mlops-{Guid.NewGuid():N}");

        // A stand-in for the host: accepts, asks the worker to load a package that never returns, says so and waits to be killed.
        string host = """
            import json, os, socket, struct, subprocess, sys, time
            path, archive, package = sys.argv[1:]
            listener = socket.socket(socket.AF_UNIX); listener.bind(path); listener.listen(1)
            settings = json.dumps({"address": path, "token": "t", "priority": 0, "memory": 0})
            code = "import sys; sys.path.insert(0, sys.argv[1]); from mlops._worker import main; main()"
            worker = subprocess.Popen([sys.executable, "-I", "-c", code, archive], stdin=subprocess.PIPE, env={"MLOPS_WORKER": settings})
            connection = listener.accept()[0]
            connection.recv(1000)
            load = json.dumps({"package": {"name": "orphan", "version": "1", "digest": "d", "folder": package}, "model": package, "classes": ["a"], "fields": None}).encode()
            connection.sendall(struct.pack("<IB", len(load) + 1, 2) + load)
            time.sleep(1)
            print(worker.pid, flush=True)
            time.sleep(1000)
            """;
        using var process = Process.Start(new ProcessStartInfo(python.Executable, ["-c", host, socket, archive, package.Folder]) { RedirectStandardOutput = true })!;
        int worker = int.Parse((await process.StandardOutput.ReadLineAsync())!, System.Globalization.CultureInfo.InvariantCulture);
        Directory.Exists($"/proc/{worker}").ShouldBeTrue();

        process.Kill();

        await TrainingTests.IsGoneAsync(worker);
        File.Delete(socket);
    }

    private Task<IPredictor> LoadAsync(Package package, bool inProcess) =>
        fixture.Create().LoadAsync(new PredictorRequest(package.Install(inProcess), Package.ModelOfNone(), s_x, ["left", "right"], 64), CancellationToken.None);

    private static async Task<object?> AnswerAsync(IPredictor predictor, double x, CancellationToken cancellationToken = default)
    {
        using RecordBatch batch = Records.Batch(s_x, [x]);
        using RecordBatch answers = await predictor.PredictAsync(batch, cancellationToken);
        return answers.Column(0).GetValue(0);
    }
}

using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Sdk.Tests.Runtime;

/// <summary>Trusted code inside the host's process that does what it should not: what can be interrupted is, and leaves for a worker alone.</summary>
[Collection(RuntimeCollection.Name)]
public sealed class LeavingTests(RuntimeFixture fixture)
{
    private static readonly FeedSchema s_x = Records.Schema(("x", FieldType.Float64));

    private static readonly Package s_neighbour = new("beside", Sources.Predict("return ['right'] * batch.rows"));

    [Theory]
    [InlineData("while True: pass")]
    [InlineData("while True: sum(range(1000))")]
    [InlineData("while True: time.sleep(0.01)")]
    [InlineData("try:\n    while True: pass\nexcept BaseException: pass\nwhile True: pass")]
    public async Task PredictAsync_CallOverItsTime_MovesItsModelAloneAndSaysSo(string deed)
    {
        int before = fixture.Logged.Count;
        await using IPredictor neighbour = await LoadAsync(s_neighbour);
        await using IPredictor predictor = await LoadAsync(Doing("overruns", deed, seconds: 3));
        (predictor.Mode, predictor.ModeReason).ShouldBe(("in-process", null));

        var failure = await Should.ThrowAsync<WorkflowException>(() => AnswerAsync(predictor, -1));

        const string Reason = "Workflow 'overruns' 1.0.0: predict did not answer 1 records within 3 s inside the host's process and was interrupted.";
        failure.Message.ShouldStartWith(Reason);
        (await AnswerAsync(predictor, 1)).ShouldBe("left");
        (predictor.Mode, predictor.ModeReason).ShouldBe(("worker", Reason));
        fixture.Logged.Skip(before).Count(line => line.Event == 1318 && line.Text == Reason + " It predicts in a worker from now on.").ShouldBe(1);
        (await AnswerAsync(neighbour, 1)).ShouldBe("right");
        (neighbour.Mode, neighbour.ModeReason, fixture.Status.InProcessStopped).ShouldBe(("in-process", null, null));
    }

    [Theory]
    [InlineData("raise ValueError('no such side')", "predict raised ValueError: no such side (workflow.py, line")]
    [InlineData("sys.exit('enough')", "predict raised SystemExit: enough")]
    [InlineData("raise KeyboardInterrupt()", "predict raised KeyboardInterrupt")]
    [InlineData("def deeper(): deeper()\ndeeper()", "predict raised RecursionError")]
    public async Task PredictAsync_CodeRaises_StaysInTheHost(string deed, string reason)
    {
        await using IPredictor neighbour = await LoadAsync(s_neighbour);
        await using IPredictor predictor = await LoadAsync(Doing("raises", deed));

        for (int time = 0; time < 3; time++)
            (await Should.ThrowAsync<WorkflowException>(() => AnswerAsync(predictor, -1))).Message.ShouldContain(reason);

        (await AnswerAsync(predictor, 1)).ShouldBe("left");
        (predictor.Mode, predictor.ModeReason).ShouldBe(("in-process", null));
        (await AnswerAsync(neighbour, 1)).ShouldBe("right");
    }

    [Fact]
    public async Task PredictAsync_PrintsWithoutEndAndLeavesThreads_NeighbourAnswersAndLinesAreCut()
    {
        int before = fixture.Logged.Count;
        await using IPredictor neighbour = await LoadAsync(s_neighbour);
        await using IPredictor predictor = await LoadAsync(Doing("litters", """
            import threading
            for _ in range(5): threading.Thread(target=time.sleep, args=(1,), daemon=True).start()
            for _ in range(20_000): print('chatty' + 'x' * 994)
            """));

        (await AnswerAsync(predictor, -1)).ShouldBe("left");
        (await AnswerAsync(neighbour, 1)).ShouldBe("right");

        predictor.Mode.ShouldBe("in-process");
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!fixture.Logged.Skip(before).Any(line => line.Event == 1310 && line.Text.Contains("litters", StringComparison.Ordinal)))
            await Task.Delay(10, deadline.Token);
        fixture.Logged.Skip(before).Count(line => line.Event == 1300 && line.Text.Contains("chatty", StringComparison.Ordinal)).ShouldBeLessThan(20_000);
    }

    [Fact]
    public async Task PredictAsync_WaitsForOneThatIsInterruptedAtTheSameTime_StaysInTheHost()
    {
        string begun = Path.Combine(Path.GetTempPath(), $"mlops-begun-{Guid.NewGuid():N}");
        await using IPredictor overruns = await LoadAsync(Doing("overruns", $"open('{begun}', 'w').close()\nwhile True: pass", seconds: 4));
        await using IPredictor patient = await LoadAsync(new Package("patient", Sources.Predict("return ['right'] * batch.rows"))
            .Change(manifest => manifest with { PredictTimeout = TimeSpan.FromSeconds(3.9) }));
        Task<object?> holding = Task.Run(() => AnswerAsync(overruns, -1));
        await UntilExistsAsync(begun);

        (await AnswerAsync(patient, 1)).ShouldBe("right");

        (patient.Mode, patient.ModeReason).ShouldBe(("in-process", null));
        (await Should.ThrowAsync<WorkflowException>(holding)).Message.ShouldContain("was interrupted");
        File.Delete(begun);
    }

    [Fact]
    public async Task PredictAsync_WaitsLongerThanItsTimeForAnother_IsAnsweredInAWorkerWithoutLoss()
    {
        string folder = Directory.CreateTempSubdirectory("mlops-crowded-").FullName;
        await using IPredictor busy = await LoadAsync(Doing("busy", $"open('{folder}/begun', 'w').close()\nwhile not os.path.exists('{folder}/go'): time.sleep(0.001)"));
        await using IPredictor patient = await LoadAsync(new Package("patient", Sources.Predict("return ['right'] * batch.rows"))
            .Change(manifest => manifest with { PredictTimeout = TimeSpan.FromSeconds(3) }));
        Task<object?> holding = Task.Run(() => AnswerAsync(busy, -1));
        await UntilExistsAsync(Path.Combine(folder, "begun"));

        (await AnswerAsync(patient, 1)).ShouldBe("right");

        (patient.Mode, patient.ModeReason).ShouldBe(("worker", "Workflow 'patient' 1.0.0 waited 3.75 s for calls of other workflows inside the host's process."));
        holding.IsCompleted.ShouldBeFalse();
        await File.WriteAllTextAsync(Path.Combine(folder, "go"), "");
        (await holding).ShouldBe("left");
        (busy.Mode, busy.ModeReason).ShouldBe(("in-process", null));
        Directory.Delete(folder, recursive: true);
    }

    private static async Task UntilExistsAsync(string file)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!File.Exists(file))
            await Task.Delay(5, deadline.Token);
    }

    private static Package Doing(string name, string deed, double seconds = 60) =>
        new Package(name, Sources.Predict($"if batch['x'][0] < 0:\n    {deed.Replace("\n", "\n    ", StringComparison.Ordinal)}\nreturn ['left'] * batch.rows"))
            .Change(manifest => manifest with { PredictTimeout = TimeSpan.FromSeconds(seconds) });

    private Task<IPredictor> LoadAsync(Package package) => fixture.Create().LoadAsync(
        new PredictorRequest(package.Install(), Package.ModelOfNone(), s_x, ["left", "right"], 64), CancellationToken.None);

    private static async Task<object?> AnswerAsync(IPredictor predictor, double x)
    {
        using RecordBatch batch = Records.Batch(s_x, [x]);
        using RecordBatch answers = await predictor.PredictAsync(batch);
        return answers.Column(0).GetValue(0);
    }
}

using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Sdk.Tests.Runtime;

[Collection(RuntimeCollection.Name)]
public sealed class PredictingTests(RuntimeFixture fixture)
{
    private static readonly FeedSchema s_xy = Records.Schema(("x", FieldType.Float64), ("y", FieldType.Float64));

    public static TheoryData<string> Modes => ["in-process", "worker"];

    [Fact]
    public async Task TrainAndPredict_ScikitLearn_BothModesGiveEqualAnswers()
    {
        IWorkflowRuntime runtime = fixture.Create();
        WorkflowPackage package = new Package("side-of-cut", Sources.Logistic).Install();
        TrainingJob job = Records.Job(package, parameters: new Dictionary<string, object?> { ["strength"] = 2.5 });
        var observer = new RecordingObserver();

        TrainedModel model = await runtime.TrainAsync(job, observer, CancellationToken.None);

        model.Classes.ShouldBe(["left", "right"]);
        model.Environment.Keys.ShouldBe(["python", "platform", "numpy", "scipy", "scikit-learn"], ignoreOrder: true);
        model.Phases.Keys.ShouldBe(["start", "load", "train", "save"], ignoreOrder: true);
        model.Phases.Values.ShouldAllBe(seconds => seconds > 0);
        observer.Said.ShouldContain("progress 0.5 fitting");
        observer.Said.ShouldContain(said => said.StartsWith("metric accuracy 0.9", StringComparison.Ordinal) || said.StartsWith("metric accuracy 1", StringComparison.Ordinal));

        using RecordBatch batch = Records.Batch(s_xy, [-0.9, 0.1], [0.9, 0.9], [-0.02, 0.0]);
        var answers = new List<object?[][]>();
        foreach (bool trusted in (bool[])[true, false])
        {
            await using IPredictor predictor = await runtime.LoadAsync(
                new PredictorRequest(package with { Trusted = trusted }, job.ModelFolder, job.Data.Inputs, model.Classes, 256), CancellationToken.None);
            predictor.Mode.ShouldBe(trusted ? "in-process" : "worker");
            using RecordBatch answered = await predictor.PredictAsync(batch);
            answered.Timestamps.ToArray().ShouldBe(batch.Timestamps.ToArray());
            answers.Add(answered.Rows());
        }

        answers[0].Select(row => row[0]).ShouldBe(["left", "right", "left"]);
        answers[0].ShouldAllBe(row => (double)row[1]! > 0.5 && (double)row[1]! < 1);
        answers[1].ShouldBe(answers[0]);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Predict_PlainListOfLabels_ScoresAreNull(string mode)
    {
        await using IPredictor predictor = await LoadAsync(mode, new Package("lists", Sources.Predict("return ['left' if x < 0 else 'right' for x in batch['x']]")));

        (await AnswerAsync(predictor, s_xy, [-1.0, 0.0], [1.0, 0.0])).ShouldBe([["left", null], ["right", null]]);
    }

    /// <summary>Between quick calls a worker goes to the core where the host is not; it must not stay bound to it.</summary>
    [Fact]
    public async Task Predict_ManyQuickCallsAndPauses_AnswersEachAndMayUseAllCores()
    {
        string body = """
            if not hasattr(sys, "cores"):
                sys.cores = os.sched_getaffinity(0)
            return ["left" if os.sched_getaffinity(0) == sys.cores else "right"] * batch.rows, batch["x"]
            """;
        await using IPredictor predictor = await LoadAsync("worker", new Package("quick", Sources.Predict(body)));

        for (int call = 0; call < 3000; call++)
        {
            (await AnswerAsync(predictor, s_xy, [call / 3000.0, 0.0])).ShouldBe([["left", call / 3000.0]]);
            if (call % 100 == 99)
                await Task.Delay(1);
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Predict_LabelAndItsProbabilityOnly_IsTakenAsScore(string mode)
    {
        await using IPredictor predictor = await LoadAsync(mode, new Package("own-score", Sources.Predict("return ['left', None], np.array([0.75, np.nan])")));

        (await AnswerAsync(predictor, s_xy, [-1.0, 0.0], [1.0, 0.0])).ShouldBe([["left", 0.75], [null, null]]);
    }

    [Fact]
    public async Task Predict_ModelWithItsOwnOrderOfClasses_ScoreIsThatOfTheLabel()
    {
        // The manifest names the classes in another order than scikit-learn, which sorts them.
        IWorkflowRuntime runtime = fixture.Create();
        WorkflowPackage package = new Package("reversed", Sources.Logistic)
            .Change(manifest => manifest with { Output = new WorkflowOutput { Classes = ["right", "middle", "left"] } }).Install();
        TrainingJob job = Records.Job(package, parameters: new Dictionary<string, object?> { ["strength"] = 1.0 });
        TrainedModel model = await runtime.TrainAsync(job, new RecordingObserver(), CancellationToken.None);
        model.Classes.ShouldBe(["right", "middle", "left"]);
        await using IPredictor predictor = await runtime.LoadAsync(new PredictorRequest(package, job.ModelFolder, s_xy, model.Classes, 8), CancellationToken.None);

        object?[][] answers = await AnswerAsync(predictor, s_xy, [-0.9, 0.1], [0.9, 0.9]);

        answers.Select(row => row[0]).ShouldBe(["left", "right"]);
        answers.ShouldAllBe(row => (double)row[1]! > 0.5);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Predict_NumericLabels_MeetTheClassesWrittenAsText(string mode)
    {
        Package package = new Package("numeric", Sources.Predict("return np.array([0.0, 1.0, 1.0])"))
            .Change(manifest => manifest with { Output = new WorkflowOutput { Classes = ["0", "1"] } });
        await using IPredictor predictor = await LoadAsync(mode, package);

        (await AnswerAsync(predictor, s_xy, [0.0, 0.0], [0.0, 0.0], [0.0, 0.0])).Select(row => row[0]).ShouldBe(["0", "1", "1"]);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Predict_DictOfFields_BecomesTypedColumns(string mode)
    {
        Package package = new Package("fields", Sources.Predict(
            """
            return {
                "sum": batch["x"] + batch["y"],
                "count": np.array([1.0, np.nan, 3.0]),
                "high": [True, False, None],
                "note": ["α", None, ""],
            }
            """)).WithFields(new("sum", InputType.Number, "mm"), new("count", InputType.Integer), new("high", InputType.Boolean), new("note", InputType.Text));
        await using IPredictor predictor = await LoadAsync(mode, package, classes: null);

        predictor.Output.Fields.ShouldBe([
            new("sum", FieldType.Float64) { Unit = "mm" }, new("count", FieldType.Int64), new("high", FieldType.Boolean), new("note", FieldType.Text)]);
        (await AnswerAsync(predictor, s_xy, [1.0, 2.0], [1.0, null], [2.0, 3.0])).ShouldBe([[3.0, 1L, true, "α"], [null, null, false, null], [5.0, 3L, null, ""]]);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Predict_BatchesOfEverySize_AnswersEachRowInOrder(string mode)
    {
        Package package = new Package("sizes", Sources.Predict("return batch['x'].reshape(-1, 1) * 2")).WithFields(new WorkflowInput("twice", InputType.Number));
        await using IPredictor predictor = await LoadAsync(mode, package, classes: null);
        foreach (int rows in (int[])[1, 0, 2, 63, 64, 65, 4096, 3])
        {
            using RecordBatch batch = Records.Batch(s_xy, [.. Enumerable.Range(0, rows).Select(row => new object?[] { (double)row, 0.0 })]);
            using RecordBatch answers = await predictor.PredictAsync(batch);

            answers.Count.ShouldBe(rows);
            answers.Column(0).Values<double>().ToArray().ShouldBe(Enumerable.Range(0, rows).Select(row => row * 2.0));
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Predict_TextLongerThanTheBlock_GrowsInBothDirections(string mode)
    {
        FeedSchema inputs = Records.Schema(("text", FieldType.Text));
        Package package = new Package("texts", Sources.Predict("return [None if t is None else t * 3 for t in batch['text']]"))
            .WithFields(new WorkflowInput("thrice", InputType.Text));
        await using IPredictor predictor = await LoadAsync(mode, package, classes: null, inputs);
        foreach (int length in (int[])[3, 100_000, 10])
        {
            string text = new('ä', length);
            (await AnswerAsync(predictor, inputs, [text], [null], ["x"])).ShouldBe([[text + text + text], [null], ["xxx"]]);
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task PredictAsync_BatchOfOtherFields_IsRefused(string mode)
    {
        await using IPredictor predictor = await LoadAsync(mode, new Package("refuses", Sources.Predict("return ['left'] * batch.rows")));
        using RecordBatch other = Records.Batch(Records.Schema(("x", FieldType.Float64), ("z", FieldType.Int64)), [1.0, 2]);

        var refusal = await Should.ThrowAsync<ArgumentException>(async () => await predictor.PredictAsync(other));

        refusal.Message.ShouldContain("z (Int64)");
        refusal.Message.ShouldContain("y (Float64)");
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Predict_PrintsWarnsAndLogs_LinesAppearUnderTheWorkflowsName(string mode)
    {
        string name = $"prints-{mode}";
        Package package = new Package(name, Sources.Predict(
            """
            import logging, warnings
            print("plain line")
            warnings.warn("a warning")
            logging.getLogger("own").info("an info")
            sys.stderr.write("no end")
            return ["left"] * batch.rows
            """));
        await using (IPredictor predictor = await LoadAsync(mode, package))
            await AnswerAsync(predictor, s_xy, [1.0, 1.0]);

        string[] lines = await LinesAsync(name, expected: 4);

        lines.ShouldContain(line => line.EndsWith("plain line", StringComparison.Ordinal));
        lines.ShouldContain(line => line.Contains("UserWarning: a warning", StringComparison.Ordinal));
        lines.ShouldContain(line => line.EndsWith("INFO own: an info", StringComparison.Ordinal));
        lines.ShouldContain(line => line.EndsWith("no end", StringComparison.Ordinal));
        lines.ShouldAllBe(line => line.Contains("1.0.0", StringComparison.Ordinal));
    }

    private async Task<string[]> LinesAsync(string name, int expected)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            string[] lines = [.. fixture.Logged.Where(line => line.Event == 1300 && line.Text.Contains(name, StringComparison.Ordinal)).Select(line => line.Text)];
            if (lines.Length >= expected)
                return lines;
            await Task.Delay(10, deadline.Token);
        }
    }

    private Task<IPredictor> LoadAsync(string mode, Package package) => LoadAsync(mode, package, package.Manifest.Output.Classes);

    private Task<IPredictor> LoadAsync(string mode, Package package, IReadOnlyList<string>? classes, FeedSchema? inputs = null) =>
        fixture.Create().LoadAsync(
            new PredictorRequest(package.Install(trusted: mode == "in-process"), Package.ModelOfNone(), inputs ?? s_xy, classes, 4096), CancellationToken.None);

    private static async Task<object?[][]> AnswerAsync(IPredictor predictor, FeedSchema schema, params object?[][] rows)
    {
        using RecordBatch batch = Records.Batch(schema, rows);
        using RecordBatch answers = await predictor.PredictAsync(batch);
        return answers.Rows();
    }
}

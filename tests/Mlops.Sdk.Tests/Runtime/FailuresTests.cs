using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Sdk.Tests.Runtime;

/// <summary>Errors in packages: what is said, and where the author is sent.</summary>
[Collection(RuntimeCollection.Name)]
public sealed class FailuresTests(RuntimeFixture fixture)
{
    private static readonly FeedSchema s_x = Records.Schema(("x", FieldType.Float64));

    public static TheoryData<string, string> WrongAnswers => new()
    {
        { "return ['left']", "predict returned 1 labels for 3 records; expected 3, one for each record in order." },
        { "return None", "predict returned None as labels; expected a list or an array with one item for each of 3 records." },
        { "return 'left'", "predict returned a str ('left') as labels; expected a list or an array with one item for each of 3 records." },
        { "return np.zeros((3, 2))", "predict returned labels of shape (3, 2) for 3 records; expected (3,)." },
        { "return ['left', 'up', 'left']", "predict returned the label 'up' (row 1), which is no class of this model; its classes: left, right." },
        { "return ['left', 7.5, 'left']", "predict returned the label 7.5 (row 1), which is no class of this model; its classes: left, right." },
        { "return ['left'] * 3, np.zeros((3, 3))", "predict returned probabilities of shape (3, 3) for 3 records; expected (3, 2), a column for each class in the order of the classes, or (3,), the probability of each label." },
        { "return ['left'] * 3, 'sure'", "predict returned probabilities that are no numbers: a str ('sure')." },
        { "return {'label': ['left'] * 3}", "predict returned a dict ({'label': ['left', 'left', 'left']}) as labels; expected a list or an array with one item for each of 3 records." },
    };

    public static TheoryData<string, string> WrongFields => new()
    {
        { "return {'a': [1, 2, 3]}", "predict returned no field 'b'; expected: a, b, c; found: a." },
        { "return [1, 2, 3]", "predict returned a list of 3 such as 1; expected a dict with the fields a, b, c, an array of 3 values each." },
        { "return {'a': [1, 2], 'b': [1] * 3, 'c': [True] * 3}", "predict returned 2 values for field 'a' for 3 records; expected 3, one for each record in order." },
        { "return {'a': ['x'] * 3, 'b': [1] * 3, 'c': [True] * 3}", "predict returned values for field 'a' that are no numbers: a list of 3 such as 'x'." },
        { "return {'a': [1] * 3, 'b': [1.5] * 3, 'c': [True] * 3}", "predict returned values for field 'b' that are no integers: a list of 3 such as 1.5." },
        { "return {'a': [1] * 3, 'b': [1] * 3, 'c': [7] * 3}", "predict returned values for field 'c' that are no booleans: a list of 3 such as 7." },
        { "return {'a': np.zeros((3, 2)), 'b': [1] * 3, 'c': [True] * 3}", "predict returned values for field 'a' of shape (3, 2) for 3 records; expected (3,)." },
    };

    [Theory]
    [MemberData(nameof(WrongAnswers))]
    public async Task Predict_WrongAnswer_SaysWhatWasExpectedAndFound(string body, string message) =>
        (await PredictFailureAsync(new Package("wrong", Sources.Predict(body)), ["left", "right"])).Message.ShouldBe($"Workflow 'wrong' 1.0.0: {message}");

    [Theory]
    [MemberData(nameof(WrongFields))]
    public async Task Predict_WrongFields_SaysWhatWasExpectedAndFound(string body, string message)
    {
        Package package = new Package("wrong", Sources.Predict(body))
            .WithFields(new("a", InputType.Number), new("b", InputType.Integer), new("c", InputType.Boolean));

        (await PredictFailureAsync(package, null)).Message.ShouldBe($"Workflow 'wrong' 1.0.0: {message}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Predict_CodeRaises_MessageNamesTheAuthorsLine(bool inProcess)
    {
        Package package = new Package("raises", Sources.Predict("return np.asarray(batch['nothing'])"));

        WorkflowException failure = await PredictFailureAsync(package, ["left"], inProcess);

        failure.Message.ShouldBe("Workflow 'raises' 1.0.0: predict raised KeyError: \"there is no column 'nothing'; there are: x\" (workflow.py, line 8).");
        failure.Traceback.ShouldNotBeNull().ShouldContain("line 8, in predict");
        failure.Traceback.ShouldNotContain("_serve.py");
    }

    [Fact]
    public async Task Predict_CodeRaisedOnce_NextCallAnswers()
    {
        Package package = new Package("moody", Sources.Predict("assert batch['x'][0] >= 0, 'negative'\nreturn ['left'] * batch.rows"));
        await using IPredictor predictor = await LoadAsync(package, ["left"], inProcess: true);
        using RecordBatch bad = Records.Batch(s_x, [-1.0]);
        using RecordBatch good = Records.Batch(s_x, [1.0]);

        (await Should.ThrowAsync<WorkflowException>(async () => await predictor.PredictAsync(bad))).Message.ShouldContain("AssertionError: negative");

        using RecordBatch answers = await predictor.PredictAsync(good);
        answers.Column(0).GetValue(0).ShouldBe("left");
    }

    [Fact]
    public async Task Train_ChainedCause_TracebackHasBoth()
    {
        WorkflowException failure = await TrainFailureAsync(new Package("chained", Sources.Train(
            """
            try:
                {}["key"]
            except KeyError as error:
                raise ValueError("no such\nsetting") from error
            """)));

        failure.Message.ShouldBe("Workflow 'chained' 1.0.0: train raised ValueError: no such (workflow.py, line 8).");
        failure.Traceback.ShouldNotBeNull();
        failure.Traceback.ShouldContain("KeyError: 'key'");
        failure.Traceback.ShouldContain("The above exception was the direct cause of the following exception");
        failure.Traceback.ShouldContain("ValueError: no such\nsetting");
        failure.Traceback.ShouldNotContain("_train.py");
    }

    [Fact]
    public async Task Train_ErrorInALibrary_MessageNamesTheAuthorsLine()
    {
        WorkflowException failure = await TrainFailureAsync(new Package("library", Sources.Train("import helper\nreturn helper.work()"))
            .With("helper.py", "import json\n\ndef work():\n    return json.loads('{')\n"));

        failure.Message.ShouldStartWith("Workflow 'library' 1.0.0: train raised JSONDecodeError: Expecting property name");
        failure.Message.ShouldEndWith("(helper.py, line 4).");
        failure.Traceback.ShouldNotBeNull().ShouldNotContain("_package.py");
    }

    [Fact]
    public async Task Train_SyntaxError_NamesFileAndLine()
    {
        WorkflowException failure = await TrainFailureAsync(new Package("syntax", "import os\n\ndef train(data, params, run)\n    return 1\n"));

        failure.Message.ShouldBe("Workflow 'syntax' 1.0.0: workflow.py, line 3: SyntaxError: expected ':'.");
    }

    [Fact]
    public async Task Train_MissingFunction_IsNamedWithItsSignature()
    {
        (await TrainFailureAsync(new Package("half", "def train(data, params, run): return 1"))).Message
            .ShouldBe("Workflow 'half' 1.0.0: workflow.py has no function 'predict'; define predict(model, batch).");
        (await TrainFailureAsync(new Package("half", "def predict(model, batch): return 1"))).Message
            .ShouldBe("Workflow 'half' 1.0.0: workflow.py has no function 'train'; define train(data, params, run).");
        (await TrainFailureAsync(new Package("half", Sources.Train("return 1") + "\n\ndef save(model, folder): pass\n"))).Message
            .ShouldBe("Workflow 'half' 1.0.0: workflow.py has save but not load; define load(folder) as well.");
    }

    [Fact]
    public async Task Train_NoWorkflowFile_SaysWhatItHolds() =>
        (await TrainFailureAsync(new Package("empty", "").Without("workflow.py").With("other.py", ""))).Message
            .ShouldBe("Workflow 'empty' 1.0.0: the package has no workflow.py; it holds train(data, params, run) and predict(model, batch).");

    [Fact]
    public async Task Train_MissingModule_SaysWhereToPutIt()
    {
        string message = (await TrainFailureAsync(new Package("needs", "import fancy_boosting\n" + Sources.Train("return 1")))).Message;

        message.ShouldStartWith("Workflow 'needs' 1.0.0: importing workflow.py raised ModuleNotFoundError: No module named 'fancy_boosting' (workflow.py, line 1). Put the module into libs/ of the package, or install it for ");
    }

    [Fact]
    public async Task Train_ModelThatCannotBePickled_NamesTheRemedy()
    {
        WorkflowException failure = await TrainFailureAsync(new Package("lambda", Sources.Train("return lambda x: x")));

        failure.Message.ShouldStartWith("Workflow 'lambda' 1.0.0: the model (function) cannot be pickled: ");
        failure.Message.ShouldEndWith("Define save(model, folder) and load(folder) in workflow.py.");
    }

    [Fact]
    public async Task Train_NoClassesAndNoLabels_SaysWhatToDo()
    {
        Package package = new Package("classless", Sources.Train("return 1")).Change(manifest => manifest with { Output = new WorkflowOutput { Classes = [] } });
        var data = new TrainingData { Inputs = s_x, Batches = [Records.Batch(s_x, [1.0])] };

        (await TrainFailureAsync(package, data)).Message.ShouldContain("output.classes in workflow.yaml is empty and the data has no labels");
    }

    [Theory]
    [InlineData("sys.exit(4)", "train raised SystemExit: 4")]
    [InlineData("return run.metric('loss', 'low')", "train raised TypeError: run.metric: value of 'loss' must be a number, not 'low'")]
    [InlineData("return params.depth", "train raised AttributeError: there is no parameter 'depth'; declared are: none")]
    [InlineData("data['x'][0] = 1", "train raised ValueError: assignment destination is read-only")]
    public async Task Train_CommonMistakes_AreFailures(string body, string message) =>
        (await TrainFailureAsync(new Package("mistaken", Sources.Train(body)))).Message.ShouldBe($"Workflow 'mistaken' 1.0.0: {message} (workflow.py, line 5).");

    private async Task<WorkflowException> TrainFailureAsync(Package package, TrainingData? data = null) =>
        await Should.ThrowAsync<WorkflowException>(() => fixture.Create().TrainAsync(
            Records.Job(package.Install(), data ?? Records.Sides(4)), new RecordingObserver(), CancellationToken.None));

    private async Task<WorkflowException> PredictFailureAsync(Package package, IReadOnlyList<string>? classes, bool inProcess = true)
    {
        await using IPredictor predictor = await LoadAsync(package, classes, inProcess);
        using RecordBatch batch = Records.Batch(s_x, [1.0], [2.0], [3.0]);
        return await Should.ThrowAsync<WorkflowException>(async () => await predictor.PredictAsync(batch));
    }

    private Task<IPredictor> LoadAsync(Package package, IReadOnlyList<string>? classes, bool inProcess) =>
        fixture.Create().LoadAsync(new PredictorRequest(package.Install(inProcess), Package.ModelOfNone(), s_x, classes, 64), CancellationToken.None);
}

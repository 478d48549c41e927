using System.Globalization;
using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Sdk.Tests.Runtime;

/// <summary>What the code sees of the data: the same in training and in both modes of prediction.</summary>
[Collection(RuntimeCollection.Name)]
public sealed class ColumnsTests(RuntimeFixture fixture)
{
    private const string Describe = """
        def describe(columns):
            parts = []
            for name in columns:
                array = columns[name]
                parts.append(f"{name}:{array.dtype}:{[None if v is None or v != v else v for v in array.tolist()]}:{array.flags.writeable}")
            return ";".join(parts)

        def train(data, params, run):
            print(describe(data))
            print("labels", data.labels if data.labels is None else (data.labels.dtype, data.labels.tolist()))
            frame = data.to_pandas()
            print("frame", list(frame.columns), len(frame), frame.index.dtype, str(frame.index[0]))
            return None

        def predict(model, batch):
            assert batch.labels is None and len(batch) == len(list(batch.keys()))
            assert batch.timestamps.dtype == "datetime64[ns]" and len(batch.timestamps) == batch.rows
            return {"seen": [describe(batch)] * batch.rows}
        """;

    private static readonly DateTimeOffset s_instant = DateTimeOffset.Parse("2024-02-29T12:00:00Z", CultureInfo.InvariantCulture);

    private static readonly FeedSchema s_all = Records.Schema(
        ("number", FieldType.Float64), ("integer", FieldType.Int64), ("unsigned", FieldType.UInt64), ("truth", FieldType.Boolean), ("text", FieldType.Text), ("instant", FieldType.Timestamp));

    private static readonly object?[][] s_full = [[1.5, -2, 18446744073709551615UL, true, "größe ☀", s_instant], [2.5, 3, 4UL, false, "", s_instant]];
    private static readonly object?[][] s_holes = [[1.5, -2, 5UL, true, "x", s_instant], [null, null, null, null, null, null]];

    private const string SeenFull = "number:float64:[1.5, 2.5]:False;integer:int64:[-2, 3]:False;unsigned:uint64:[18446744073709551615, 4]:False;"
        + "truth:bool:[True, False]:False;text:object:['größe ☀', '']:False;instant:datetime64[ns]:[1709208000000000000, 1709208000000000000]:False";

    private const string SeenHoles = "number:float64:[1.5, None]:False;integer:float64:[-2.0, None]:False;unsigned:float64:[5.0, None]:False;"
        + "truth:float64:[1.0, None]:False;text:object:['x', None]:False;instant:datetime64[ns]:[1709208000000000000, None]:False";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Predict_EveryTypeWithAndWithoutNulls_ArrivesAsDocumented(bool inProcess)
    {
        WorkflowPackage package = new Package("sees", Describe).WithFields(new WorkflowInput("seen", InputType.Text)).Install(inProcess);
        await using IPredictor predictor = await fixture.Create().LoadAsync(
            new PredictorRequest(package, Package.ModelOfNone(), s_all, null, 16), CancellationToken.None);

        // Back and forth: the form of a column changes from batch to batch.
        foreach ((object?[][] rows, string seen) in ((object?[][], string)[])[(s_full, SeenFull), (s_holes, SeenHoles), (s_full, SeenFull)])
        {
            using RecordBatch batch = Records.Batch(s_all, rows);
            using RecordBatch answers = await predictor.PredictAsync(batch);
            answers.Column(0).GetValue(0).ShouldBe(seen);
        }
    }

    [Fact]
    public async Task Train_SeveralBatches_AreOneTable()
    {
        FeedSchema labelled = Records.Schema([.. s_all.Fields.Select(field => (field.Name, field.Type)), ("grade", FieldType.Int64)]);
        var data = new TrainingData
        {
            Inputs = s_all,
            Batches = [Records.Batch(labelled, [.. s_full[0], 3]), Records.Batch(labelled, [.. s_holes[1], 2]), Records.Batch(labelled, [.. s_full[1], 10])],
            LabelType = FieldType.Int64,
        };
        WorkflowPackage package = new Package("sees", Describe).Change(manifest => manifest with { Output = new WorkflowOutput { Classes = [] } }).Install();
        var observer = new RecordingObserver();

        TrainedModel model = await fixture.Create().TrainAsync(Records.Job(package, data), observer, CancellationToken.None);

        model.Classes.ShouldBe(["2", "3", "10"]);
        observer.Said.ShouldContain("out number:float64:[1.5, None, 2.5]:False;integer:float64:[-2.0, None, 3.0]:False;"
            + "unsigned:float64:[1.8446744073709552e+19, None, 4.0]:False;truth:float64:[1.0, None, 0.0]:False;text:object:['größe ☀', None, '']:False;"
            + "instant:datetime64[ns]:[1709208000000000000, None, 1709208000000000000]:False");
        observer.Said.ShouldContain("out labels (dtype('int64'), [3, 2, 10])");
        observer.Said.ShouldContain("out frame ['number', 'integer', 'unsigned', 'truth', 'text', 'instant'] 3 datetime64[ns] 2023-11-14 22:13:20");
    }

    [Fact]
    public async Task Train_WithoutLabels_LabelsAreNone()
    {
        var data = new TrainingData { Inputs = s_all, Batches = [Records.Batch(s_all, s_full)] };
        WorkflowPackage package = new Package("unsupervised", Describe).WithFields(new WorkflowInput("seen", InputType.Text)).Install();
        var observer = new RecordingObserver();

        TrainedModel model = await fixture.Create().TrainAsync(Records.Job(package, data), observer, CancellationToken.None);

        model.Classes.ShouldBeNull();
        observer.Said.ShouldContain("out labels None");
    }

    [Fact]
    public async Task Predict_InputDeclaredAsNumber_IntegersArriveFloating()
    {
        FeedSchema inputs = Records.Schema(("a", FieldType.Int64), ("b", FieldType.Boolean));
        WorkflowPackage package = new Package("declares", Describe).WithFields(new WorkflowInput("seen", InputType.Text))
            .WithInputs(new("a", InputType.Number), new("b", InputType.Integer)).Install();
        await using IPredictor predictor = await fixture.Create().LoadAsync(new PredictorRequest(package, Package.ModelOfNone(), inputs, null, 16), CancellationToken.None);
        using RecordBatch batch = Records.Batch(inputs, [7, true]);

        using RecordBatch answers = await predictor.PredictAsync(batch);

        answers.Column(0).GetValue(0).ShouldBe("a:float64:[7.0]:False;b:int64:[1]:False");
    }

    [Fact]
    public async Task LoadAsync_TextFieldForNumber_NamesInputAndRemedy()
    {
        WorkflowPackage package = new Package("mismatch", Describe).WithInputs(new WorkflowInput("a", InputType.Number)).Install();

        var failure = await Should.ThrowAsync<WorkflowException>(() => fixture.Create().LoadAsync(
            new PredictorRequest(package, Package.ModelOfNone(), Records.Schema(("a", FieldType.Text)), ["l"], 16), CancellationToken.None));

        failure.Message.ShouldBe("Workflow 'mismatch' 1.0.0: input 'a' is declared as number but gets a field of type Text. Bind another field to it, or change its type in workflow.yaml.");
    }
}

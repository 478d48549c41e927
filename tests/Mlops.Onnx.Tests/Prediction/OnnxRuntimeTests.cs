using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Onnx.Tests.Prediction;

/// <summary>Packages that bring a model.onnx.</summary>
[Collection(ModelFiles.Name)]
public sealed class OnnxRuntimeTests(ModelFiles files, Packages packages) : IClassFixture<Packages>
{
    private static readonly WorkflowManifest s_sides = new()
    {
        Name = "sides",
        Version = "1.0.0",
        Runtime = "onnx",
        Label = "label",
        Output = new WorkflowOutput { Classes = ["left", "right"] },
    };

    [Theory]
    [InlineData("scores")]
    [InlineData("maps")]
    public async Task Train_ModelWithLabels_IsTakenOverAndJudged(string model)
    {
        WorkflowPackage package = packages.Write(s_sides, "model.onnx", files.Read(model));
        await packages.Runtime("onnx").PrepareAsync(package, CancellationToken.None);
        TrainingData data = Packages.Cuts();
        var observer = new Packages.Observer();

        (TrainedModel trained, string folder) = await packages.TrainAsync(package, data, observer);

        observer.Metrics["accuracy"].ShouldBeInRange(0.1, 0.9);
        trained.Environment["engine"].ShouldBe("onnx");
        await using IPredictor predictor = await packages.LoadAsync(package, folder, data.Inputs, trained.Classes);
        using RecordBatch batch = data.Batches[0].Project(data.Inputs, [0, 1]);
        using RecordBatch answers = await predictor.PredictAsync(batch);
        for (int row = 0; row < 10; row++)
        {
            (double a, double b) = (batch.Column(0).Values<double>()[row], batch.Column(1).Values<double>()[row]);
            answers.Column("label").GetValue(row).ShouldBe(a > b ? "left" : "right");
            ((double)answers.Column("score").GetValue(row)!).ShouldBe(Math.Exp(Math.Max(a, b)) / (Math.Exp(a) + Math.Exp(b)), 1e-5);
        }
    }

    [Fact]
    public async Task Predict_Windows_AreOneTensorAndGetOneAnswerEach()
    {
        WorkflowManifest manifest = s_sides with
        {
            Window = new WorkflowWindow { Rows = 4, HopRows = 4 },
            Output = new WorkflowOutput { Fields = [new WorkflowInput("peak", InputType.Number)] },
        };
        WorkflowPackage package = packages.Write(manifest, "model.onnx", files.Read("windows"));
        TrainingData data = Packages.Cuts(numeric: true);
        (TrainedModel trained, string folder) = await packages.TrainAsync(package, data, new Packages.Observer());
        await using IPredictor predictor = await packages.LoadAsync(package, folder, data.Inputs, trained.Classes);
        using RecordBatch all = data.Batches[0].Project(data.Inputs, [0, 1]);
        var builder = new RecordBatchBuilder(data.Inputs);
        builder.Append(all, 0, 20);
        using RecordBatch batch = builder.Build();

        using RecordBatch answers = await predictor.PredictAsync(batch);

        answers.Count.ShouldBe(5);
        for (int window = 0; window < 5; window++)
        {
            double[] values = [.. Enumerable.Range(window * 4, 4).SelectMany(row => new[] { batch.Column(0).Values<double>()[row], batch.Column(1).Values<double>()[row] })];
            ((double)answers.Column("peak").GetValue(window)!).ShouldBe(values.Max(), 1e-9);
            answers.Timestamps[window].ShouldBe(batch.Timestamps[(window * 4) + 3]);
        }

        WorkflowPackage wrong = packages.Write(manifest with { Window = new WorkflowWindow { Rows = 5, HopRows = 5 } }, "model.onnx", files.Read("windows"));
        (await Should.ThrowAsync<WorkflowException>(() => packages.LoadAsync(wrong, folder, data.Inputs, trained.Classes))).Message.ShouldContain("takes no windows of 5 rows of 2 inputs");
    }

    [Fact]
    public async Task Train_ModelWithNamedInputsAndOutputs_ReportsR2AndMae()
    {
        WorkflowManifest manifest = s_sides with { Output = new WorkflowOutput { Fields = [new WorkflowInput("product", InputType.Number)] } };
        var observer = new Packages.Observer();

        await packages.TrainAsync(packages.Write(manifest, "model.onnx", files.Read("regressor")), Packages.Cuts(numeric: true), observer);

        observer.Metrics["r2"].ShouldBe(1, 1e-9);
        observer.Metrics["mae"].ShouldBe(0, 1e-9);
    }

    [Fact]
    public async Task Prepare_DamagedOrMissingModel_IsRefused()
    {
        WorkflowPackage damaged = packages.Write(s_sides, "model.onnx", files.Read("scores")[..100]), missing = packages.Write(s_sides, "other.onnx", [1]);

        (await Should.ThrowAsync<WorkflowException>(() => packages.Runtime("onnx").PrepareAsync(damaged, CancellationToken.None))).Message.ShouldContain("model.onnx: ONNX Runtime could not load");
        (await Should.ThrowAsync<WorkflowException>(() => packages.Runtime("onnx").PrepareAsync(missing, CancellationToken.None))).Message.ShouldContain("there is no model.onnx");
    }

    [Fact]
    public async Task Prepare_GraphThatMayGrow_NeedsTrust()
    {
        WorkflowPackage trusted = packages.Write(s_sides, "model.onnx", files.Read("grows"));

        await packages.Runtime("onnx").PrepareAsync(trusted, CancellationToken.None);
        (await Should.ThrowAsync<WorkflowException>(() => packages.Runtime("onnx").PrepareAsync(trusted with { Trusted = false }, CancellationToken.None)))
            .Message.ShouldContain("has the operator ConstantOfShape, whose output may be of any size");
    }

    [Fact]
    public async Task Load_ModelThatDoesNotFit_ListsWhatItHas()
    {
        WorkflowPackage package = packages.Write(s_sides, "model.onnx", files.Read("double"));

        (await Should.ThrowAsync<WorkflowException>(() => packages.TrainAsync(package, Packages.Cuts())))
            .Message.ShouldContain("has no output that could be one of 2 classes. Its inputs: 'x' (Double [any, 3]); its outputs: 'twice'");
    }
}

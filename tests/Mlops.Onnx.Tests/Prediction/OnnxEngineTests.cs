using System.Text;
using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Onnx.Tests.Prediction;

/// <summary>From a training in scikit-learn to predictions in ONNX Runtime, or in the package's own code where that is not the same.</summary>
public sealed class OnnxEngineTests(Packages packages) : IClassFixture<Packages>
{
    private const string Header = "import numpy as np\nfrom sklearn.pipeline import make_pipeline\nfrom sklearn.preprocessing import StandardScaler\nfrom sklearn.linear_model import LogisticRegression\nfrom sklearn.ensemble import RandomForestClassifier\n\n"
        + "def matrix(batch):\n    return np.column_stack([batch['a'], batch['b']])\n\n";

    [Fact]
    public async Task Train_PipelineOfScikitLearn_PredictsInOnnx()
    {
        (WorkflowPackage package, TrainedModel model, IPredictor predictor) = await TrainAsync("pipeline",
            """
            def train(data, params, run):
                return {"model": make_pipeline(StandardScaler(), LogisticRegression()).fit(matrix(data), data.labels)}

            def predict(model, batch):
                x = matrix(batch)
                return model["model"].predict(x), model["model"].predict_proba(x)
            """);
        await using (predictor)
        {
            model.Environment["engine"].ShouldBe("onnx");
            model.Environment["conversion"].ShouldStartWith("Pipeline(StandardScaler, LogisticRegression) was converted: ");
            model.Phases.Keys.ShouldContain("convert");
            predictor.Mode.ShouldBe("onnx");
            (await AskAsync(predictor, 0.1, 0.5)).ShouldBe(("left", true));
            (await AskAsync(predictor, 1.7, 0.5)).ShouldBe(("right", true));
            (await Should.ThrowAsync<WorkflowException>(() => AskAsync(predictor, double.NaN, 0.5))).Message.ShouldContain("the input 'a' is missing or not a number in row 0");
            (await Should.ThrowAsync<WorkflowException>(() => AskAsync(predictor, 0.1, double.PositiveInfinity))).Message.ShouldContain("the input 'b' is infinite");
            (await AskAsync(predictor, 1.7, 1)).ShouldBe(("right", true));
        }

        package.Manifest.Isolated.ShouldBeFalse();
    }

    [Fact]
    public async Task Train_ForestWithGapsFilledByThePackage_PredictsInOnnx()
    {
        (_, TrainedModel model, IPredictor predictor) = await TrainAsync("filled",
            """
            def filled(batch):
                x = matrix(batch)
                return np.where(np.isnan(x), [0.25, 0.5], x)

            def train(data, params, run):
                return RandomForestClassifier(20, random_state=0).fit(filled(data), data.labels)

            def predict(model, batch):
                return model.predict(filled(batch))
            """);
        await using (predictor)
        {
            model.Environment["conversion"].ShouldStartWith("RandomForestClassifier was converted");
            predictor.Mode.ShouldBe("onnx");
            (await AskAsync(predictor, double.NaN, 0.5)).ShouldBe(("left", false));
        }
    }

    [Fact]
    public async Task Train_ConvertedForest_NobodyIsWarnedOfValuesTriedForTheComparison()
    {
        var observer = new Packages.Observer();

        (_, TrainedModel model, IPredictor predictor) = await TrainAsync("loud",
            """
            def train(data, params, run):
                print("trained")
                return RandomForestClassifier(20, random_state=0).fit(matrix(data), data.labels)

            def predict(model, batch):
                print("asked for", len(batch['a']))
                return model.predict(matrix(batch))
            """,
            observer);
        await predictor.DisposeAsync();

        model.Environment["engine"].ShouldBe("onnx");
        observer.Lines.ShouldContain("trained");
        observer.Lines.Concat(packages.Said).ShouldNotContain(line => line.Contains("Warning", StringComparison.Ordinal) || (line.Contains("loud", StringComparison.Ordinal) && line.Contains("asked for", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("own-code", "return {'limit': 1.0}", "return np.where(batch['a'] > model['limit'], 'right', 'left')", "the model (dict) holds no estimator of scikit-learn")]
    [InlineData("own-columns", "return LogisticRegression().fit(np.log1p(matrix(data)), data.labels)", "return model.predict(np.log1p(matrix(batch)))", "is computed by the package's own code")]
    [InlineData("own-labels", "return LogisticRegression().fit(matrix(data), data.labels)", "return np.where(model.predict_proba(matrix(batch))[:, 1] > 0.3, 'right', 'left')", "the labels are chosen by the package's own code")]
    [InlineData("other", "from sklearn.gaussian_process import GaussianProcessClassifier\n    return GaussianProcessClassifier().fit(matrix(data), data.labels)", "return model.predict(matrix(batch))", "no conversion of GaussianProcessClassifier is known")]
    public async Task Train_WhatIsNotConvertible_PredictsInPython(string name, string train, string predict, string reason)
    {
        (_, TrainedModel model, IPredictor predictor) = await TrainAsync(name, $"def train(data, params, run):\n    {train}\n\ndef predict(model, batch):\n    {predict}\n");
        await using (predictor)
        {
            model.Environment["engine"].ShouldBe("python");
            model.Environment["conversion"].ShouldContain(reason);
            predictor.Mode.ShouldNotBe("onnx");
            (await AskAsync(predictor, 1.75, 0.5)).Label.ShouldBe("right");
        }
    }

    [Fact]
    public async Task Train_AnswersThatDependOnTheBatch_PredictInPython()
    {
        (_, TrainedModel model, IPredictor predictor) = await TrainAsync("by-batch",
            """
            def train(data, params, run):
                return LogisticRegression().fit(matrix(data), data.labels)

            def predict(model, batch):
                labels = model.predict(matrix(batch))
                # What no look at a few rows of training shows: somewhere else it answers otherwise.
                return np.where((batch["a"] > 1.5) & (batch["b"] > 0.97), "left", labels)
            """);
        await using (predictor)
        {
            model.Environment["engine"].ShouldBe("python");
            predictor.Mode.ShouldNotBe("onnx");
        }
    }

    [Fact]
    public async Task Load_ConvertedModelIsDamaged_PredictsInPython()
    {
        (WorkflowPackage package, _, IPredictor predictor) = await TrainAsync("damaged",
            "def train(data, params, run):\n    return LogisticRegression().fit(matrix(data), data.labels)\n\ndef predict(model, batch):\n    return model.predict(matrix(batch))\n");
        await predictor.DisposeAsync();
        predictor.Mode.ShouldBe("onnx");
        await File.WriteAllBytesAsync(Path.Combine(_folder!, "converted/onnx/model.onnx"), [1, 2, 3]);

        await using IPredictor own = await packages.LoadAsync(package, _folder!, Packages.Cuts(1).Inputs, ["left", "right"]);

        own.Mode.ShouldNotBe("onnx");
        (await AskAsync(own, 1.75, 0.5)).Label.ShouldBe("right");
    }

    private string? _folder;

    private async Task<(WorkflowPackage Package, TrainedModel Model, IPredictor Predictor)> TrainAsync(string name, string source, Packages.Observer? observer = null)
    {
        var manifest = new WorkflowManifest { Name = name, Version = "1.0.0", Runtime = "python", Label = "label", Output = new WorkflowOutput { Classes = ["left", "right"] } };
        WorkflowPackage package = packages.Write(manifest, "workflow.py", Encoding.UTF8.GetBytes(Header + source));
        TrainingData data = Packages.Cuts();
        (TrainedModel model, _folder) = await packages.TrainAsync(package, data, observer);
        return (package, model, await packages.LoadAsync(package, _folder, data.Inputs, model.Classes));
    }

    private static async Task<(string Label, bool HasScore)> AskAsync(IPredictor predictor, double a, double b)
    {
        var builder = new RecordBatchBuilder(Packages.Cuts(1).Inputs);
        builder.BeginRow(1);
        builder.SetFloat64(0, a);
        builder.SetFloat64(1, b);
        builder.EndRow();
        using RecordBatch batch = builder.Build();
        using RecordBatch answers = await predictor.PredictAsync(batch);
        return ((string)answers.Column("label").GetValue(0)!, answers.Column("score").GetValue(0) is double);
    }
}

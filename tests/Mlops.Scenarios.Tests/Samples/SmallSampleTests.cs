using Mlops.Ingest;
using Mlops.Prediction;
using Mlops.Store;
using Mlops.Testing.Csv;
using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Scenarios.Tests.Samples;

/// <summary>Each sample workflow is taken by a node, trained on its sample, passes its golden cases and answers.</summary>
public sealed class SmallSampleTests
{
    [Theory]
    [InlineData("plain-python", "quality")]
    [InlineData("tabular-regressor", "label")]
    [InlineData("tabular-classifier", "label")]
    [InlineData("side-of-cut", "side")]
    public async Task Sample_InstalledAndTrained_Answers(string workflow, string label)
    {
        await using SampleNode node = await SampleNode.StartAsync();
        (ModelInfo model, IReadOnlyList<PredictionResult> answers) = await RunAsync(node, node.Copy(workflow), label);
        answers.ShouldAllBe(a => a.Values.Values.Any(v => v != null));
        model.Environment.Keys.ShouldContain("engine");
    }

    [Fact]
    public async Task PureOnnx_ModelByItsScript_AnswersInOnnxRuntime()
    {
        await using SampleNode node = await SampleNode.StartAsync();
        string package = node.Copy("pure-onnx");
        await PythonAsync(Path.Combine(package, "make_model.py"), Path.Combine(Repository.Root, "src", "Mlops.Sdk", "Runtime", "Python"));
        (ModelInfo model, IReadOnlyList<PredictionResult> answers) = await RunAsync(node, package, "quality");
        model.Metrics["accuracy"].ShouldBe(1);
        node.Get<IDeployments>().List().Single().Mode.ShouldBe("onnx");
        answers.Count(a => (string)a.Values["label"]! == "good").ShouldBe(5);
    }

    [Fact]
    public async Task Vendored_WheelsByItsScript_AreUsedInAProcessOfItsOwn()
    {
        await using SampleNode node = await SampleNode.StartAsync();
        string package = node.Copy("vendored");
        await PythonAsync(Path.Combine(package, "make_wheels.py"));
        (ModelInfo model, IReadOnlyList<PredictionResult> answers) = await RunAsync(node, package, "angle");
        model.Metrics["mae"].ShouldBeLessThan(0.5);
        model.Environment["unitwords"].ShouldBe("1.0.0");
        answers.Select(a => (double)a.Values["newton_metres"]!).Order().ShouldBe([8, 9, 10, 12, 14, 16, 18], 1e-9);
    }

    [Fact]
    public void Samples_EachFolder_HasItsReadmeManifestAndGoldenCases()
    {
        string[] folders = Directory.GetDirectories(Path.Combine(Repository.Root, "samples", "workflows"));
        folders.Length.ShouldBeGreaterThanOrEqualTo(9);
        folders.ShouldAllBe(f => File.Exists(Path.Combine(f, "README.md")) && File.Exists(Path.Combine(f, "workflow.yaml")));
        // The smallest one, which the README shows whole, is the exception.
        folders.Where(f => !File.Exists(Path.Combine(f, "golden.csv"))).Select(Path.GetFileName).ShouldBe(["side-of-cut"]);
    }

    /// <summary>Installs a package, writes its sample as a feed, trains on that and answers it.</summary>
    private static async Task<(ModelInfo Model, IReadOnlyList<PredictionResult> Answers)> RunAsync(SampleNode node, string folder, string label)
    {
        WorkflowPackage package = await node.InstallAsync(folder);
        await using (FileStream csv = File.OpenRead(Path.Combine(folder, "sample.csv")))
            await ImportAsync(node, csv);
        ModelInfo model = await node.TrainAsync(new TrainingRequest { Workflow = package.Manifest.Name, Feed = "sample", Labels = label });
        IReadOnlyList<PredictionResult> answers = await node.AnswerAllAsync(new DeploymentRequest { Workflow = package.Manifest.Name, Model = model.Id, Feed = "sample" }, "sample");
        answers.Count.ShouldBe((int)node.Get<IFeedReader>().List().Single(f => f.Schema.Feed == "sample").Records);
        return (model, answers);
    }

    private static async Task ImportAsync(SampleNode node, FileStream csv)
    {
        CsvTable table = CsvTable.Load(csv.Name);
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await node.Get<IFeedWriter>().WriteAsync("sample", [.. Enumerable.Range(0, table.RowCount).Select(row => new FeedRecord(start.AddSeconds(row), table.Columns.ToDictionary(c => c.Name, c => Value(c, table[row, c]))))]);
    }

    private static object? Value(CsvColumn column, string? text) => (column.Type, text) switch
    {
        (_, null) => null,
        (CsvColumnType.Integer or CsvColumnType.Decimal, _) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture),
        (CsvColumnType.Boolean, _) => text is "true" or "True" or "1",
        _ => text,
    };

    private static async Task PythonAsync(string script, string? path = null)
    {
        await using RunningProcess python = RunningProcess.Start("/usr/bin/env", [.. path is null ? Array.Empty<string>() : [$"PYTHONPATH={path}"], "/usr/bin/python3", script]);
        (await python.WaitAsync(TimeSpan.FromMinutes(1))).ShouldBe(0, python.Output);
    }
}

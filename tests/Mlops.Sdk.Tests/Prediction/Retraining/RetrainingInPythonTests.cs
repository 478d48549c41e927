using Mlops.Prediction;
using Mlops.Prediction.Retraining;
using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Tests.Prediction.Retraining;

public class RetrainingInPythonTests
{
    private const string Manifest = """
        name: side
        version: 1.0.0
        description: Learns from where on a value is high.
        runtime: python
        inputs: [{name: x, type: number}]
        label: side
        output: {classes: [low, high]}
        """;

    private const string Code = """
        import numpy as np


        def train(data, params, run):
            x, high = np.asarray(data["x"]), np.asarray(data.labels) == "high"
            return {"limit": (x[high].min() + x[~high].max()) / 2}


        def predict(model, batch):
            return np.where(batch["x"] >= model["limit"], "high", "low")
        """;

    /// <summary>The line is set up anew: what was high from 50 on is so from 60 on. Labels say so, a model learns it, proves it, and takes over.</summary>
    [Fact]
    public async Task Labels_OfALineThatWasSetUpAnew_TrainProveAndPromoteAModel()
    {
        await using RetrainingBench bench = await RetrainingBench.StartAsync(python: true);
        string package = Directory.CreateDirectory(Path.Combine(bench.Folder, "side")).FullName;
        await File.WriteAllTextAsync(Path.Combine(package, "workflow.yaml"), Manifest);
        await File.WriteAllTextAsync(Path.Combine(package, "workflow.py"), Code);
        await bench.Node.Get<IWorkflowCatalog>().InstallAsync(package, trusted: false);
        await bench.LabelAsync(await RecordsAsync(bench, 50));
        string first = await bench.Node.TrainAsync(new TrainingRequest { Workflow = "side", Feed = RetrainingBench.Feed });
        string deployment = (await bench.Node.DeployAsync(first)).Id;
        TriggerInfo trigger = await bench.AddAsync(deployment, t => t with
        {
            NewLabels = 200,
            Window = TimeSpan.FromMinutes(30),
            Release = new ReleasePlan { Backtest = TimeSpan.FromMinutes(5), Approval = false, Step = ReleaseStep.Promote },
        });

        bench.Time.Advance(TimeSpan.FromHours(1));
        (long Position, string Value)[] learned = await RecordsAsync(bench, 60);
        bench.Time.Advance(TimeSpan.FromMinutes(10));
        (long Position, string Value)[] proved = await RecordsAsync(bench, 60);
        await bench.Node.WaitAsync(deployment, proved[^1].Position);
        await bench.LabelAsync([.. learned, .. proved]);
        RetrainingInfo info = await bench.UntilAsync(trigger.Id, RetrainingState.Succeeded);

        info.Reasons.ShouldBe(["newLabels: 200 new labels of 200"]);
        info.Verdict.ShouldBe("accuracy 1, production 0.9, over 100 labelled records");
        ModelInfo model = bench.Node.Get<IModels>().Find(info.Model!)!;
        model.ShouldSatisfyAllConditions(m => m.Data.Records.ShouldBe(100), m => m.Stage.ShouldBe(ModelStage.Production), m => m.Request!.Retraining.ShouldBe(info.Id));
        long last = await bench.WriteAsync(55);
        await bench.Node.WaitAsync(deployment, last);
        PredictionResult answer = (await bench.Node.AnswersAsync(deployment))[^1];
        (answer.Source.Row, answer.Model, answer.Values["label"]).ShouldBe((last, info.Model, "low"));
    }

    private static async Task<(long Position, string Value)[]> RecordsAsync(RetrainingBench bench, double limit)
    {
        double[] values = [.. Enumerable.Range(0, 100).Select(i => (double)i)];
        long last = await bench.WriteAsync(values);
        return [.. values.Select((v, i) => (last - 99 + i, v >= limit ? "high" : "low"))];
    }
}

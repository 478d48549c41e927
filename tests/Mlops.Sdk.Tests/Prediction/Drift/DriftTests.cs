using System.Text;
using Mlops.Data;
using Mlops.Prediction;
using Mlops.Prediction.Drift;
using Mlops.Training;
using Mlops.Training.Lifecycle;
using Mlops.Training.Profiles;

namespace Mlops.Tests.Prediction.Drift;

public sealed class DriftTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlops-drift").FullName;

    [Fact]
    public void Figures_SameDistribution_AreSmall()
    {
        var random = new Random(1);
        FeatureWindow window = Window(Numbers(random, 5000, 10, 2), Numbers(random, 1000, 10, 2));

        DriftFigures figures = window.Figures(isAnswer: false);

        figures.Psi.ShouldBeLessThan(0.1);
        figures.Ks!.Value.ShouldBeLessThan(0.06);
    }

    [Fact]
    public void Figures_ShiftedByOneDeviation_AreThoseOfTheTextbook()
    {
        var random = new Random(2);
        FeatureWindow window = Window(Numbers(random, 50_000, 0, 1), Numbers(random, 10_000, 1, 1));

        DriftFigures figures = window.Figures(isAnswer: false);

        // Between N(0,1) and N(1,1) the distance is 2 Φ(1/2) - 1 = 0.383, and the symmetric divergence is 1; bins lose a little of it.
        figures.Ks!.Value.ShouldBeInRange(0.36, 0.39);
        figures.Psi.ShouldBeInRange(0.8, 1);
    }

    [Fact]
    public void Figures_MissingAndUnknownValues_Count()
    {
        RecordBatch training = Texts([.. Enumerable.Repeat("a", 50), .. Enumerable.Repeat("b", 50)]);
        FeatureProfile profile = ProfileBuilder.Build("x", [training], 0, numeric: false);
        var same = new FeatureWindow(profile, 100);
        var missing = new FeatureWindow(profile, 100);
        var unknown = new FeatureWindow(profile, 100);
        Fill(same, training);
        Fill(missing, Texts([.. Enumerable.Repeat("a", 40), .. Enumerable.Repeat("b", 40), .. Enumerable.Repeat((string?)null, 20)]));
        Fill(unknown, Texts([.. Enumerable.Repeat("a", 40), .. Enumerable.Repeat("b", 40), .. Enumerable.Repeat("c", 20)]));

        same.Figures(false).Psi.ShouldBe(0, 1e-9);
        missing.Figures(false).Psi.ShouldBeGreaterThan(0.25);
        unknown.Figures(false).Psi.ShouldBeGreaterThan(0.25);
        unknown.Figures(false).Ks.ShouldBeNull();
    }

    [Fact]
    public void Add_BeyondTheWindow_ForgetsTheOldest()
    {
        var random = new Random(3);
        double[] training = Numbers(random, 5000, 0, 1);
        FeatureWindow window = Window(training, [.. Numbers(random, 1000, 50, 1), .. Numbers(random, 1000, 0, 1)], size: 1000);

        window.Count.ShouldBe(1000);
        window.Figures(false).Psi.ShouldBeLessThan(0.1);
    }

    [Fact]
    public async Task Deployment_InputsDriftAndComeBack_SaysSoOnceEach()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder, settings: [("Mlops:Prediction:DriftWindow", "500")]);
        await node.WriteAsync(Numbers(new Random(4), 2000, 10, 1));
        string model = await node.TrainAsync(_folder);
        node.Get<IModels>().FindProfile(model)!.Inputs.Single().Counts.Sum().ShouldBe(2000);
        string id = (await node.DeployAsync(model)).Id;
        var random = new Random(5);

        await node.WaitAsync(id, await node.WriteAsync(Numbers(random, 100, 10, 1)));
        node.Deployments.Find(id)!.Drift.ShouldBeNull("the window is not full");
        await WriteAsync(node, id, random, 900, 10);
        node.Deployments.Find(id)!.Drift!.Drifted.ShouldBeFalse();
        await WriteAsync(node, id, random, 500, 13);
        DriftInfo drifted = node.Deployments.Find(id)!.Drift!;
        double? psi = Gauges.Read(PredictionInstruments.DriftPsiName, ("deployment", id), ("feature", "x")), ks = Gauges.Read(PredictionInstruments.DriftKsName, ("deployment", id), ("feature", "x"));
        await WriteAsync(node, id, random, 2000, 10);
        await PredictionNode.UntilAsync(() => Events(node, id).Length == 2);

        drifted.Drifted.ShouldBeTrue();
        drifted.Figures.Single().ShouldSatisfyAllConditions(f => f.Name.ShouldBe("x"), f => f.Psi.ShouldBeGreaterThan(1), f => f.Ks!.Value.ShouldBeGreaterThan(0.7));
        (psi, ks).ShouldBe((drifted.Figures.Single().Psi, drifted.Figures.Single().Ks));
        Events(node, id).ShouldBe([LifecycleAction.Drifted, LifecycleAction.DriftEnded]);
    }

    [Fact]
    public async Task Deployment_OfAClassifier_WatchesItsAnswersToo()
    {
        await using PredictionNode node = await PredictionNode.StartAsync(_folder, settings: [("Mlops:Prediction:DriftWindow", "50")]);
        await node.WriteAsync(1);
        string id = (await node.DeployAsync(await node.TrainClassifierAsync(_folder, 50))).Id;

        await node.WaitAsync(id, await node.WriteAsync([.. Enumerable.Range(0, 100).Select(_ => 99.0)]));

        DriftFigures answers = node.Deployments.Find(id)!.Drift!.Figures.Single(f => f.IsAnswer);
        answers.Name.ShouldBe("label");
        answers.Psi.ShouldBeGreaterThan(1, "half of the training's labels were low");
        Gauges.Read(PredictionInstruments.DriftPsiName, ("deployment", id), ("feature", "label")).ShouldBe(answers.Psi);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string[] Events(PredictionNode node, string id) =>
        [.. node.Get<ILifecycle>().List(id).Select(e => e.Action).Where(a => a is LifecycleAction.Drifted or LifecycleAction.DriftEnded).Reverse()];

    private static async Task WriteAsync(PredictionNode node, string id, Random random, int count, double mean)
    {
        long last = 0;
        for (int i = 0; i < count / 100; i++)
            last = await node.WriteAsync(Numbers(random, 100, mean, 1));
        await node.WaitAsync(id, last);
    }

    private static FeatureWindow Window(double[] training, double[] running, int? size = null)
    {
        using RecordBatch data = Batch(training), batch = Batch(running);
        var window = new FeatureWindow(ProfileBuilder.Build("x", [data], 0, numeric: true), size ?? running.Length);
        Fill(window, batch);
        return window;
    }

    private static void Fill(FeatureWindow window, RecordBatch batch)
    {
        for (int row = 0; row < batch.Count; row++)
            window.Add(batch.Column(0), row);
    }

    // Box and Muller.
    private static double[] Numbers(Random random, int count, double mean, double deviation) =>
        [.. Enumerable.Range(0, count).Select(_ => mean + (deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble())))];

    private static RecordBatch Batch(double[] values)
    {
        var builder = new RecordBatchBuilder(new FeedSchema("f", [new FeedField("x", FieldType.Float64)]));
        foreach (double value in values)
        {
            builder.BeginRow(0);
            builder.SetFloat64(0, value);
            builder.EndRow();
        }

        return builder.Build(1);
    }

    private static RecordBatch Texts(string?[] values)
    {
        var builder = new RecordBatchBuilder(new FeedSchema("f", [new FeedField("x", FieldType.Text)]));
        foreach (string? value in values)
        {
            builder.BeginRow(0);
            if (value is not null)
                builder.SetText(0, Encoding.UTF8.GetBytes(value));
            builder.EndRow();
        }

        return builder.Build(1);
    }
}

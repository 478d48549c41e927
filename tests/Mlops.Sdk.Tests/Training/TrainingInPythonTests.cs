using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mlops.Data;
using Mlops.Store;
using Mlops.Workflows;

namespace Mlops.Training;

/// <summary>Trainings with all real neighbours: the store, an interpreter, scikit-learn.</summary>
public sealed class TrainingInPythonTests
{
    private const int Records = 400;

    private const string Manifest = """
        name: side-of-cut
        version: 1.0.0
        runtime: python
        inputs:
          - {name: a, type: number}
          - {name: b, type: number}
        label: side
        output: {classes: [left, right]}
        parameters: {c: 1.0}
        timeouts: {train: 2m}
        """;

    private const string Code = """
        import numpy as np
        from sklearn.linear_model import LogisticRegression


        def train(data, params, run):
            points = np.column_stack([data["a"], data["b"]])
            model = LogisticRegression(C=params["c"]).fit(points, data.labels)
            for step in range(3):
                run.metric("loss", 1.0 / (step + 1), step)
            run.metric("accuracy", float(model.score(points, data.labels)))
            run.progress(0.9, "fitted")
            print("fitted", len(points), "records")
            return model


        def predict(model, batch):
            points = np.column_stack([batch["a"], batch["b"]])
            return model.predict(points), model.predict_proba(points)
        """;

    [Fact]
    public async Task Train_Classifier_PassesItsGoldenCasesAndIsStored()
    {
        await using var node = new Node();
        await node.InstallAsync(Code, "a,b,side\n-5,0,left\n5,0,right\n");
        TrainingInfo training = await node.TrainAsync();

        training.State.ShouldBe(TrainingState.Succeeded, training.Reason);
        training.Metrics["accuracy"].ShouldBeGreaterThan(0.95);
        training.Metrics["goldenPassed"].ShouldBe(2);
        ModelInfo model = node.Get<IModels>().Find(training.Model!).ShouldNotBeNull();
        model.Classes.ShouldBe(["left", "right"]);
        model.Parameters["c"].ShouldBe(1.0);
        model.Environment.Keys.ShouldContain("python");
        Directory.EnumerateFiles(model.Folder).ShouldNotBeEmpty();
        model.Inputs.Select(i => (i.Name, i.Type)).ShouldBe([("a", FieldType.Float64), ("b", FieldType.Float64)]);
        (model.Data.Feed, model.Data.Records, model.Data.Hash.Length).ShouldBe(("cutter", Records, 64));
        model.Data.LastPosition.ShouldBe(model.Data.FirstPosition + Records - 1);
        model.Measurements!.Phases.Keys.ShouldContain("verify");
        model.Measurements.PeakMemoryMiB.ShouldBeGreaterThan(0);
        node.Get<ITrainingJournal>().Log(training.Id).Select(l => l.Text).ShouldContain("fitted 400 records");
        node.Get<ITrainingJournal>().History(training.Id).Select(p => (p.Name, p.Step)).ShouldBe([("loss", 0), ("loss", 1), ("loss", 2)]);
    }

    [Fact]
    public async Task Train_GoldenCaseIsWrong_StoresNoModel()
    {
        await using var node = new Node();
        await node.InstallAsync(Code, "a,b,side\n-5,0,left\n5,0,left\n");
        TrainingInfo training = await node.TrainAsync();
        training.State.ShouldBe(TrainingState.Failed);
        training.Reason.ShouldStartWith("The golden case golden.csv:3 failed: 'label' is 'right' where 'left' is expected.");
        node.Get<IModels>().List().ShouldBeEmpty();
    }

    [Fact]
    public async Task Train_CodeRaises_HasItsTracebackAsReason()
    {
        await using var node = new Node();
        await node.InstallAsync(Code.Replace("LogisticRegression(C=params[\"c\"])", "LogisticRegression(C=params[\"d\"])", StringComparison.Ordinal), null);
        TrainingInfo training = await node.TrainAsync();
        training.State.ShouldBe(TrainingState.Failed);
        training.Reason.ShouldNotBeNull().ShouldContain("KeyError: 'd'");
        training.Reason.ShouldContain("workflow.py");
    }

    [Fact]
    public async Task CancelAsync_CodeThatDoesNotListen_EndsWithinSeconds()
    {
        await using var node = new Node();
        await node.InstallAsync("import time\n\ndef train(data, params, run):\n    run.progress(0.1, 'asleep')\n    time.sleep(600)\n\ndef predict(model, batch):\n    return []\n", null);
        ITrainings trainings = node.Get<ITrainings>();
        TrainingInfo training = await trainings.StartAsync(TrainingBench.Request);
        await TrainingBench.UntilAsync(() => trainings.Find(training.Id)!.ProgressText == "asleep", "the code sleeps");
        (await trainings.CancelAsync(training.Id))!.State.ShouldBe(TrainingState.Cancelled);
    }

    [Fact]
    public async Task Train_FilterLeavesOneClass_SaysSo()
    {
        await using var node = new Node();
        await node.InstallAsync(Code, null);
        TrainingInfo training = await node.TrainAsync(TrainingBench.Request with { Filter = "a > 0" });
        training.Reason.ShouldNotBeNull().ShouldStartWith("All 200 selected records have the same label in 'side': 'right'.");
        (await node.TrainAsync(TrainingBench.Request with { Filter = "a > 1000" })).Reason.ShouldNotBeNull().ShouldContain("a > 1000");
    }

    private sealed class Node : IAsyncDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly ServiceProvider _services;

        public Node()
        {
            var services = new ServiceCollection();
            services.AddLogging();
            services.AddMlopsCore(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["DataFolder"] = _folder["data"] }).Build())
                .AddStore()
                .AddTraining()
                .AddPython();
            _services = services.BuildServiceProvider();
        }

        public T Get<T>()
            where T : notnull => _services.GetRequiredService<T>();

        public async Task InstallAsync(string code, string? golden)
        {
            string package = SamplePackage.Folder(_folder, "package", Manifest, code);
            if (golden is not null)
                File.WriteAllText(Path.Combine(package, "golden.csv"), golden);
            await Get<IWorkflowCatalog>().InstallAsync(package, trusted: true);
            foreach (IHostedService service in _services.GetServices<IHostedService>())
                await service.StartAsync(CancellationToken.None);
            await StorePointsAsync();
        }

        public async Task<TrainingInfo> TrainAsync(TrainingRequest? request = null)
        {
            TrainingInfo queued = await Get<ITrainings>().StartAsync(request ?? TrainingBench.Request);
            return await Get<ITrainings>().WaitAsync(queued.Id).WaitAsync(TimeSpan.FromMinutes(2));
        }

        public async ValueTask DisposeAsync()
        {
            foreach (IHostedService service in _services.GetServices<IHostedService>().Reverse())
                await service.StopAsync(CancellationToken.None);
            await _services.DisposeAsync();
            _folder.Dispose();
        }

        /// <summary>Stores two clouds of points, left and right of zero.</summary>
        private async Task StorePointsAsync()
        {
            IFeedStore store = Get<IFeedStore>();
            FeedSchema feed = await store.DeclareAsync(new FeedDeclaration(null, "cutter", [new FeedField("a", FieldType.Float64), new FeedField("b", FieldType.Int64), new FeedField("side", FieldType.Text)]));
            var builder = new RecordBatchBuilder(feed);
            var random = new Random(1);
            for (int i = 0; i < Records; i++)
            {
                builder.BeginRow(i);
                builder.SetFloat64(0, (i % 2 == 0 ? -5 : 5) + random.NextDouble());
                builder.SetInt64(1, random.Next(10));
                builder.SetText(2, i % 2 == 0 ? "left"u8 : "right"u8);
                builder.EndRow();
            }

            using RecordBatch batch = builder.Build(await store.ReservePositionsAsync(Records));
            var commit = new StoreCommit();
            commit.Batches.Add(batch);
            await store.CommitAsync(commit);
        }
    }
}

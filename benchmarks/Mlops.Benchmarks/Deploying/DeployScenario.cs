using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Benchmarks.Harness;
using Mlops.Benchmarks.Predict;
using Mlops.Data;
using Mlops.Runtime.Workers;
using Mlops.Workflows;

namespace Mlops.Benchmarks.Deploying;

/// <summary>Loads an installed package with its model until it has answered a record.</summary>
internal sealed class DeployScenario(PythonOfThisMachine python) : IScenario
{
    private const int Rounds = 7;
    private static readonly Metric[] s_metrics = [new("until the first answer", "ms")];
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    public string Name => "deploy";

    public string Title => "Deploying a package again";

    public string Method =>
        "An installed package with a RandomForest(100) of scikit-learn, from `IWorkflowRuntime.LoadAsync` to the first answer: in the host's process, and in a worker that waited (`SpareWorkers`). "
        + "Before each round another model of the package has been loaded and let go, as with a swap or a restart. Baseline: a worker that is started for it, as a service does that starts a Python process: "
        + "interpreter, imports, model.";

    public async Task RunAsync(Comparison comparison, CancellationToken stop)
    {
        string folder = Directory.CreateTempSubdirectory("mlops-bench-").FullName;
        await using WorkerPool spare = PythonOfThisMachine.CreatePool(1);
        await using WorkerPool none = PythonOfThisMachine.CreatePool(0);
        try
        {
            IWorkflowRuntime runtime = python.CreateRuntime(folder, NullLoggerFactory.Instance, spare);
            IWorkflowRuntime plain = python.CreateRuntime(folder, NullLoggerFactory.Instance, none);
            var package = new WorkflowPackage(
                new WorkflowManifest { Name = "sixteen", Version = "1.0.0", Runtime = "python", Output = new WorkflowOutput { Classes = ["high", "low"] } },
                "sixteen", PythonOfThisMachine.Workflow, Trusted: true);
            using RecordBatch row = Row();
            string model = Directory.CreateDirectory(Path.Combine(folder, "model")).FullName;
            TrainedModel trained = await runtime.TrainAsync(
                new TrainingJob("bench", package, new TrainingData { Inputs = row.Schema, Batches = [row] }, new Dictionary<string, object?> { ["model"] = "forest" }, model),
                new SilentObserver(), stop);
            var here = new PredictorRequest(package, model, row.Schema, trained.Classes, 64);
            PredictorRequest apart = here with { Package = package with { Trusted = false } };
            var baseline = new Contender("a worker that is started", token => DeployAsync(plain, apart, row, token));
            await comparison.RunAsync("in the host's process", Rounds, s_metrics, new Contender("in process", token => DeployAsync(runtime, here, row, token)), baseline, stop);
            await comparison.RunAsync(
                "in a worker", Rounds, s_metrics,
                new Contender("a worker that waited", async token =>
                {
                    await ReadyAsync(runtime, apart, spare, token);
                    return await DeployAsync(runtime, apart, row, token);
                }),
                baseline, stop);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Lets a worker wait and import what the last one has used.</summary>
    private static async Task ReadyAsync(IWorkflowRuntime runtime, PredictorRequest request, WorkerPool pool, CancellationToken stop)
    {
        if (pool.Waiting == 0)
            await (await runtime.LoadAsync(request, stop)).DisposeAsync();
        while (pool.Waiting == 0)
            await Task.Delay(s_pause, stop);
        await Task.Delay(TimeSpan.FromSeconds(2), stop);
    }

    private static async Task<IReadOnlyDictionary<string, double>> DeployAsync(IWorkflowRuntime runtime, PredictorRequest request, RecordBatch row, CancellationToken stop)
    {
        long started = Stopwatch.GetTimestamp();
        await using IPredictor predictor = await runtime.LoadAsync(request, stop);
        (await predictor.PredictAsync(row, stop)).Dispose();
        return new Dictionary<string, double> { [s_metrics[0].Name] = Stopwatch.GetElapsedTime(started).TotalMilliseconds };
    }

    private static RecordBatch Row()
    {
        var builder = new RecordBatchBuilder(new FeedSchema("bench.plc.cycle", Enumerable.Range(0, 16).Select(i => new FeedField($"value{i}", FieldType.Float64))));
        builder.BeginRow(1_700_000_000_000_000_000);
        for (int i = 0; i < 16; i++)
            builder.SetFloat64(i, i);
        builder.EndRow();
        return builder.Build();
    }
}

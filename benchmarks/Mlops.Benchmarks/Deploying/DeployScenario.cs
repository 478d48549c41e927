using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Benchmarks.Harness;
using Mlops.Data;
using Mlops.Prediction;
using Mlops.Runtime.Workers;
using Mlops.Workflows;

namespace Mlops.Benchmarks.Deploying;

/// <summary>Deploys a package until it has answered a record: again, and a large one the first time.</summary>
internal sealed class DeployScenario(PythonOfThisMachine python, bool quick) : IScenario
{
    private const int Rounds = 7;
    private const int RoundsOfLarge = 3;
    private static readonly Metric[] s_metrics = [new("until the first answer", "ms")];
    private static readonly Metric[] s_installed = [new("until it is installed", "ms")];
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);
    private readonly int _megabytes = quick ? 20 : 200;
    private int _packages;

    public string Name => "deploy";

    public string Title => "Deploying a package";

    public string Method =>
        "An installed package with a RandomForest(100) of scikit-learn, from `IWorkflowRuntime.LoadAsync` to the first answer: in the host's process, and in a worker that waited (`SpareWorkers`). "
        + "Before each round another model of the package has been loaded and let go, as with a swap or a restart. Baseline: a worker that is started for it, as a service does that starts a Python process: "
        + "interpreter, imports, model. The same through a whole node, from `IDeployments.StartAsync` on, with what that adds: the model's files held against their signature, the feed of answers declared, the model called three times, "
        + "the deployment remembered, the first record written and answered; the goal is at most 50 ms. "
        + $"A package of {_megabytes} MB, nearly all of it one wheel of {_megabytes} files of noise, the first time: `IWorkflowCatalog.InstallAsync` from the zip file on, with every file checked, hashed and flushed and the wheel unpacked and compiled into its environment; "
        + "baseline: plain Python that unpacks zip and wheel and flushes the files (`peers/unpack_package.py`), the least that anybody does. Then its deployment in a worker: again, against the first time from the zip file on, training left out.";

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
                new QuietObserver(), stop);
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
            await ThroughANodeAsync(comparison, folder, stop);
            await LargeAsync(comparison, folder, stop);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task ThroughANodeAsync(Comparison comparison, string folder, CancellationToken stop)
    {
        await using DeployNode node = await DeployNode.StartAsync(Path.Combine(folder, "node"), stop);
        await using DeployNode plain = await DeployNode.StartAsync(Path.Combine(folder, "plain-node"), stop, ("Runtime:InProcess", "Never"), ("Runtime:SpareWorkers", "0"));
        var models = new Dictionary<DeployNode, string>();
        foreach (DeployNode each in (DeployNode[])[node, plain])
            models[each] = await each.TrainAsync(await each.InstallAsync(PythonOfThisMachine.Workflow, trusted: true, stop), new Dictionary<string, object?> { ["model"] = "forest" }, stop);
        await comparison.RunAsync(
            "through a whole node, in its process", Rounds, s_metrics,
            new Contender("in process", token => TimeAsync(node, "sixteen", models[node], token)),
            new Contender("a worker that is started", token => TimeAsync(plain, "sixteen", models[plain], token)), stop);
    }

    private async Task LargeAsync(Comparison comparison, string folder, CancellationToken stop)
    {
        string title = $"a package of {_megabytes} MB with a wheel";
        await using Peer unpacker = Peer.Start("unpack_package.py", (await python.LocateAsync(stop)).Executable, PythonOfThisMachine.PeerScript("unpack_package.py"));
        await unpacker.ReadLineAsync(s_patience, stop);
        await comparison.RunAsync(
            $"{title}, the first time", RoundsOfLarge, s_installed,
            new Contender("InstallAsync", token => FreshAsync(folder, s_installed[0], (node, zip) => InstallFirstAsync(node, zip, token), token)),
            new Contender("plain Python that unpacks", token => UnpackAsync(unpacker, folder, token)), stop);

        await using DeployNode again = await DeployNode.StartAsync(Path.Combine(folder, "again"), stop);
        string package = await LargePackage.WriteAsync(folder, ++_packages, (long)_megabytes << 20, stop);
        string model = await again.TrainAsync(await again.InstallAsync(package, trusted: false, stop), null, stop);
        File.Delete(package);
        await comparison.RunAsync(
            $"{title}, in a worker", RoundsOfLarge, s_metrics,
            new Contender("again", token => TimeAsync(again, LargePackage.Name, model, token)),
            new Contender("the first time", token => FreshAsync(folder, s_metrics[0], (node, zip) => DeployFirstAsync(node, zip, token), token)), stop);
    }

    /// <summary>Deploys through a node and ends the deployment again, whose end is not timed.</summary>
    private static async Task<IReadOnlyDictionary<string, double>> TimeAsync(DeployNode node, string workflow, string model, CancellationToken stop)
    {
        // What the last round has ended is gone, and a worker waits again.
        await Task.Delay(TimeSpan.FromSeconds(1), stop);
        long started = Stopwatch.GetTimestamp();
        DeploymentInfo deployment = await node.DeployAsync(workflow, model, stop);
        double took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        await node.EndAsync(deployment);
        return new Dictionary<string, double> { [s_metrics[0].Name] = took };
    }

    /// <summary>Times what is done with a package that a node has never seen; the work says how much of its time does not count.</summary>
    private async Task<IReadOnlyDictionary<string, double>> FreshAsync(string folder, Metric metric, Func<DeployNode, string, Task<TimeSpan>> work, CancellationToken stop)
    {
        string fresh = Directory.CreateDirectory(Path.Combine(folder, $"fresh-{++_packages}")).FullName;
        string zip = await LargePackage.WriteAsync(fresh, _packages, (long)_megabytes << 20, stop);
        TimeSpan took;
        await using (DeployNode node = await DeployNode.StartAsync(Path.Combine(fresh, "data"), stop))
        {
            // It has run other code before: where Python is, is known.
            await node.TrainAsync(await node.InstallAsync(PythonOfThisMachine.Workflow, trusted: false, stop), new Dictionary<string, object?> { ["model"] = "none" }, stop);
            long started = Stopwatch.GetTimestamp();
            TimeSpan other = await work(node, zip);
            took = Stopwatch.GetElapsedTime(started) - other;
        }

        Directory.Delete(fresh, recursive: true);
        return new Dictionary<string, double> { [metric.Name] = took.TotalMilliseconds };
    }

    private static async Task<TimeSpan> InstallFirstAsync(DeployNode node, string zip, CancellationToken stop)
    {
        await node.InstallAsync(zip, trusted: false, stop);
        return TimeSpan.Zero;
    }

    private static async Task<TimeSpan> DeployFirstAsync(DeployNode node, string zip, CancellationToken stop)
    {
        WorkflowPackage package = await node.InstallAsync(zip, trusted: false, stop);
        long started = Stopwatch.GetTimestamp();
        string model = await node.TrainAsync(package, null, stop);
        TimeSpan training = Stopwatch.GetElapsedTime(started);
        await node.DeployAsync(LargePackage.Name, model, stop);
        return training;
    }

    private async Task<IReadOnlyDictionary<string, double>> UnpackAsync(Peer unpacker, string folder, CancellationToken stop)
    {
        string fresh = Directory.CreateDirectory(Path.Combine(folder, $"unpacked-{++_packages}")).FullName;
        string zip = await LargePackage.WriteAsync(fresh, _packages, (long)_megabytes << 20, stop);
        await unpacker.WriteLineAsync($"{zip} {Path.Combine(fresh, "package")}");
        double seconds = double.Parse(await unpacker.ReadLineAsync(s_patience, stop), CultureInfo.InvariantCulture);
        Directory.Delete(fresh, recursive: true);
        return new Dictionary<string, double> { [s_installed[0].Name] = seconds * 1000 };
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

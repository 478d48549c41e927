using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Mlops.Benchmarks.Harness;
using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Benchmarks.Predict;

internal sealed class PredictScenario(PythonOfThisMachine python) : IScenario
{
    private const int Columns = 16;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    // What the runtime compiles at first, before it knows what is called often, is not what runs for months.
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(3);
    private static readonly Metric[] s_metrics = [new("call p50", "µs"), new("call p99", "µs")];
    private static readonly (string Model, string Title, int Rows, int Calls)[] s_cases =
    [
        ("none", "no-op", 1, 2000),
        ("none", "no-op", 256, 1000),
        ("forest", "RandomForest(100)", 1, 40),
        ("forest", "RandomForest(100)", 256, 40),
    ];

    public string Name => "predict";

    public string Title => "Calling a model";

    public string Method =>
        "A batch of 16 doubles a row to labels with their probabilities, one call after the other. Mlops: `IPredictor.PredictAsync` from `RecordBatch` to `RecordBatch`, in the host's process "
        + "and in a worker process; `predict` puts the 16 columns together to a matrix (the no-op does not look at them). Baseline: plain Python with the same model, seed and code, which gets a ready NumPy matrix, in a loop timed by `time.perf_counter`. Each case is called for 3 s before it is measured, until .NET has compiled what is called often. "
        + "So the ratio says how much of plain Python's speed is left when the call comes from .NET: 1 is the ideal, and the no-op shows the bare cost.";

    public async Task RunAsync(Comparison comparison, CancellationToken stop)
    {
        string folder = Directory.CreateTempSubdirectory("mlops-bench-").FullName;
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddConsole().SetMinimumLevel(LogLevel.Warning));
        try
        {
            IWorkflowRuntime runtime = python.CreateRuntime(folder, loggers);
            await using Peer peer = Peer.Start(
                "predict_loop.py", (await python.LocateAsync(stop)).Executable, PythonOfThisMachine.PeerScript("predict_loop.py"), PythonOfThisMachine.Workflow);
            foreach (var model in s_cases.GroupBy(c => c.Model))
            {
                string modelFolder = Directory.CreateDirectory(Path.Combine(folder, "model-" + model.Key)).FullName;
                WorkflowPackage package = Package();
                FeedSchema inputs = new("bench.plc.cycle", Enumerable.Range(0, Columns).Select(i => new FeedField($"value{i}", FieldType.Float64)));
                using RecordBatch training = Batch(inputs, 4);
                TrainedModel trained = await runtime.TrainAsync(
                    new TrainingJob("bench", package, new TrainingData { Inputs = inputs, Batches = [training] }, new Dictionary<string, object?> { ["model"] = model.Key }, modelFolder),
                    new QuietObserver(), stop);
                foreach (bool inProcess in (bool[])[true, false])
                {
                    await using IPredictor predictor = await runtime.LoadAsync(
                        new PredictorRequest(package with { Trusted = inProcess }, modelFolder, inputs, trained.Classes, 256), stop);
                    foreach ((string kind, string title, int rows, int calls) in model)
                    {
                        using RecordBatch batch = Batch(inputs, rows);
                        for (long since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < s_warmUp;)
                            await CallAsync(predictor, batch, 100);
                        await comparison.RunAsync(
                            $"{title}, {rows} row{(rows == 1 ? "" : "s")}, {predictor.Mode}", 5, s_metrics,
                            new Contender($"PredictAsync {predictor.Mode}", _ => CallAsync(predictor, batch, calls)),
                            new Contender("plain Python loop", token => AskAsync(peer, kind, rows, calls, token)),
                            stop);
                    }
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static WorkflowPackage Package() => new(
        new WorkflowManifest { Name = "sixteen", Version = "1.0.0", Runtime = "python", Output = new WorkflowOutput { Classes = ["high", "low"] } },
        "sixteen", PythonOfThisMachine.Workflow, Trusted: true);

    private static RecordBatch Batch(FeedSchema schema, int rows)
    {
        var random = new Random(11);
        var builder = new RecordBatchBuilder(schema);
        for (int row = 0; row < rows; row++)
        {
            builder.BeginRow(1_700_000_000_000_000_000 + row);
            for (int i = 0; i < Columns; i++)
                builder.SetFloat64(i, random.NextDouble() * 100);
            builder.EndRow();
        }

        return builder.Build();
    }

    private static async Task<IReadOnlyDictionary<string, double>> CallAsync(IPredictor predictor, RecordBatch batch, int calls)
    {
        var times = new double[calls];
        for (int i = 0; i < calls; i++)
        {
            long started = Stopwatch.GetTimestamp();
            using RecordBatch answers = await predictor.PredictAsync(batch);
            times[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
            if (answers.Count != batch.Count)
                throw new InvalidOperationException($"{batch.Count} records got {answers.Count} answers.");
        }

        return Measured(times);
    }

    private static async Task<IReadOnlyDictionary<string, double>> AskAsync(Peer peer, string kind, int rows, int calls, CancellationToken stop)
    {
        await peer.WriteLineAsync($"{kind} {rows} {calls}");
        string line = await peer.ReadLineAsync(s_patience, stop);
        return Measured([.. line.Split(' ').Select(t => double.Parse(t, CultureInfo.InvariantCulture))]);
    }

    private static Dictionary<string, double> Measured(double[] times)
    {
        Array.Sort(times);
        return new() { ["call p50"] = Spread.Percentile(times, 50), ["call p99"] = Spread.Percentile(times, 99) };
    }
}

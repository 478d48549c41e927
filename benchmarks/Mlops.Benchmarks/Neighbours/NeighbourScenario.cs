using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Benchmarks.Harness;
using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Benchmarks.Neighbours;

/// <summary>Calls two well-behaved models while a third one, in a worker, does what it should not.</summary>
internal sealed class NeighbourScenario(PythonOfThisMachine python, bool quick) : IScenario
{
    private static readonly Metric[] s_metrics = [new("in-process p99", "µs"), new("worker p99", "µs"), new("in-process p50", "µs"), new("worker p50", "µs")];
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(2);

    private static readonly (string Title, string Deed)[] s_cases =
    [
        ("endless loop", "while True: pass"),
        ("loop that swallows exceptions", "while True:\n        try: time.sleep(0.001)\n        except BaseException: pass"),
        ("sleep without end", "time.sleep(9e9)"),
        ("allocation of 50 GB", "bytearray(50 << 30)"),
        ("allocation up to its limit, bit by bit", "held = []\n    while True: held.append(b'x' * (1 << 20))"),
        ("os._exit", "os._exit(3)"),
        ("segmentation fault", "import ctypes; ctypes.string_at(0)"),
        ("fork bomb", "while True:\n        try: os.fork()\n        except OSError: pass"),
        ("prints without end", "while True: print('x' * 8000)"),
        ("sys.exit", "sys.exit(1)"),
        ("threads left behind", "import threading\n    def forever():\n        while True: pass\n    for _ in range(8): threading.Thread(target=forever, daemon=True).start()\n    time.sleep(9e9)"),
        ("reads the node's database", "open(DATABASE)"),
        ("opens a socket", "import socket; socket.create_connection(('127.0.0.1', 1883))"),
    ];

    private readonly TimeSpan _round = TimeSpan.FromSeconds(quick ? 1 : 5);

    public string Name => "neighbours";

    public string Title => "Neighbours of hostile code";

    public string Method =>
        "Two models of no work, one in the host's process and one in a worker, answer a record each every 2 ms and are timed. Meanwhile a third one, in a worker of its own, is called without "
        + "pause and does in each call what the case says; calls that do not end are ended after 0.5 s, and as on any node restarts after the first one wait longer and longer. In the last case a training computes instead. Baseline: the same without it. On a machine with two cores a busy neighbour "
        + "takes what is left of one of them, so the goal is a p99 of at most 3 times the baseline: a ratio of at least 0.33.";

    public async Task RunAsync(Comparison comparison, CancellationToken stop)
    {
        string folder = Directory.CreateTempSubdirectory("mlops-bench-").FullName;
        try
        {
            IWorkflowRuntime runtime = python.CreateRuntime(folder, NullLoggerFactory.Instance);
            string quiet = "def predict(model, batch):\n    return ['fine'] * batch.rows\n";
            await using IPredictor here = await LoadAsync(runtime, folder, "here", quiet, trusted: true, stop);
            await using IPredictor worker = await LoadAsync(runtime, folder, "beside", quiet, trusted: false, stop);
            foreach ((string title, string deed) in s_cases)
            {
                await using IPredictor hostile = await LoadAsync(
                    runtime, folder, "hostile",
                    $"import os, sys, time\nDATABASE = {Quoted(Path.Combine(folder, "mlops.db"))}\n\ndef predict(model, batch):\n    {deed}\n    return ['done'] * batch.rows\n",
                    trusted: false, stop);
                await comparison.RunAsync(
                    title, quick ? 2 : 5, s_metrics,
                    new Contender("beside hostile code", token => BesideAsync(hostile, here, worker, token)),
                    new Contender("alone", token => MeasureAsync(here, worker, token)),
                    stop);
            }

            TrainingJob job = await TrainingAsync(folder, stop);
            await comparison.RunAsync(
                "a training", quick ? 2 : 5, s_metrics,
                new Contender("beside a training", token => BesideTrainingAsync(runtime, job, here, worker, token)),
                new Contender("alone", token => MeasureAsync(here, worker, token)),
                stop);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "\\'", StringComparison.Ordinal)}'";

    private static async Task<WorkflowPackage> InstallAsync(string folder, string name, string source, bool trusted, CancellationToken stop)
    {
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source)));
        string package = Directory.CreateDirectory(Path.Combine(folder, $"{name}-{digest[..8]}")).FullName;
        await File.WriteAllTextAsync(Path.Combine(package, "workflow.py"), source, stop);
        var manifest = new WorkflowManifest
        {
            Name = name,
            Version = "1.0.0",
            Runtime = "python",
            Output = new WorkflowOutput { Classes = ["fine", "done"] },
            PredictTimeout = TimeSpan.FromSeconds(0.5),
        };
        return new WorkflowPackage(manifest, digest, package, trusted);
    }

    private static async Task<IPredictor> LoadAsync(IWorkflowRuntime runtime, string folder, string name, string source, bool trusted, CancellationToken stop)
    {
        WorkflowPackage package = await InstallAsync(folder, name, source, trusted, stop);
        string model = Directory.CreateDirectory(Path.Combine(package.Folder, "model")).FullName;

        // The pickle of None.
        await File.WriteAllBytesAsync(Path.Combine(model, "model.pkl"), [0x80, 5, (byte)'N', (byte)'.'], stop);
        return await runtime.LoadAsync(
            new PredictorRequest(package, model, new FeedSchema("bench", [new FeedField("x", FieldType.Float64)]), null, 8), stop);
    }

    private async Task<IReadOnlyDictionary<string, double>> BesideAsync(IPredictor hostile, IPredictor here, IPredictor worker, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task misbehaving = Task.Run(() => MisbehaveAsync(hostile, end.Token), stop);
        IReadOnlyDictionary<string, double> measured = await MeasureAsync(here, worker, stop);
        await end.CancelAsync();
        await misbehaving;
        return measured;
    }

    private static async Task<TrainingJob> TrainingAsync(string folder, CancellationToken stop)
    {
        const string Source = """
            def train(data, params, run):
                run.progress(0.1, "began")
                while not run.cancelled: sum(i * i for i in range(10_000))

            def predict(model, batch):
                return ['done'] * batch.rows

            """;
        WorkflowPackage package = await InstallAsync(folder, "training", Source, trusted: false, stop);
        var data = new TrainingData { Inputs = new FeedSchema("bench", [new FeedField("x", FieldType.Float64)]), Batches = [Row()] };
        return new TrainingJob("t", package, data, new Dictionary<string, object?>(), Directory.CreateDirectory(Path.Combine(package.Folder, "model")).FullName);
    }

    private async Task<IReadOnlyDictionary<string, double>> BesideTrainingAsync(IWorkflowRuntime runtime, TrainingJob job, IPredictor here, IPredictor worker, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var observer = new QuietObserver();
        Task<TrainedModel> training = runtime.TrainAsync(job, observer, end.Token);
        await Task.WhenAny(observer.Began, training);
        if (training.IsCompleted)
            await training;
        IReadOnlyDictionary<string, double> measured = await MeasureAsync(here, worker, stop);
        await end.CancelAsync();
        await ((Task)training).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return measured;
    }

    private static async Task MisbehaveAsync(IPredictor hostile, CancellationToken end)
    {
        using RecordBatch batch = Row();
        while (!end.IsCancellationRequested)
        {
            try
            {
                (await hostile.PredictAsync(batch, end)).Dispose();
            }
            catch (Exception exception) when (exception is WorkflowException or OperationCanceledException)
            {
                // That is how it ends; the next call starts another.
            }
        }
    }

    private async Task<IReadOnlyDictionary<string, double>> MeasureAsync(IPredictor here, IPredictor worker, CancellationToken stop)
    {
        Task<double[]> inProcess = Task.Run(() => TimeAsync(here, stop), stop);
        double[] inWorker = await Task.Run(() => TimeAsync(worker, stop), stop);
        double[] inHost = await inProcess;
        return new Dictionary<string, double>
        {
            ["in-process p50"] = Spread.Percentile(inHost, 50),
            ["in-process p99"] = Spread.Percentile(inHost, 99),
            ["worker p50"] = Spread.Percentile(inWorker, 50),
            ["worker p99"] = Spread.Percentile(inWorker, 99),
        };
    }

    private async Task<double[]> TimeAsync(IPredictor predictor, CancellationToken stop)
    {
        using RecordBatch batch = Row();
        var times = new List<double>();
        var round = Stopwatch.StartNew();
        while (round.Elapsed < _round)
        {
            long started = Stopwatch.GetTimestamp();
            (await predictor.PredictAsync(batch, stop)).Dispose();
            times.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
            await Task.Delay(s_between, stop);
        }

        times.Sort();
        return [.. times];
    }

    private static RecordBatch Row()
    {
        var builder = new RecordBatchBuilder(new FeedSchema("bench", [new FeedField("x", FieldType.Float64)]));
        builder.BeginRow(1);
        builder.SetFloat64(0, 1);
        builder.EndRow();
        return builder.Build();
    }
}

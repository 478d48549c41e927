using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mlops.Data;
using Mlops.Workflows;

namespace Mlops.Onnx.Tests.Prediction;

/// <summary>A node's runtimes over a folder of their own, with packages and data for them.</summary>
public sealed class Packages : IAsyncLifetime
{
    private readonly ServiceProvider _services;
    private int _count;

    public Packages()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Mlops:DataFolder"] = Path.Combine(Folder, "data") }).Build();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(new Listener(Said))).AddSingleton(configuration);
        services.AddMlops(configuration.GetSection("Mlops")).AddPython().AddOnnx();
        _services = services.BuildServiceProvider();
    }

    /// <summary>Gets all that was logged.</summary>
    public ConcurrentQueue<string> Said { get; } = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("mlops-onnx-packages-").FullName;

    public IWorkflowRuntime Runtime(string kind) => _services.GetServices<IWorkflowRuntime>().Single(r => r.Kind == kind);

    public string NewFolder() => Directory.CreateDirectory(Path.Combine(Folder, $"{Interlocked.Increment(ref _count)}")).FullName;

    public WorkflowPackage Write(WorkflowManifest manifest, string file, byte[] content, bool trusted = true)
    {
        string folder = NewFolder();
        File.WriteAllBytes(Path.Combine(folder, file), content);
        return new WorkflowPackage(manifest, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)), folder, trusted);
    }

    /// <summary>Cuts whose side shows in a, with the label last.</summary>
    public static TrainingData Cuts(int rows = 300, bool numeric = false)
    {
        var inputs = new FeedSchema("cuts", [new FeedField("a", FieldType.Float64), new FeedField("b", FieldType.Float64)]);
        var builder = new RecordBatchBuilder(new FeedSchema("cuts", [.. inputs.Fields, new FeedField("label", numeric ? FieldType.Float64 : FieldType.Text)]));
        var random = new Random(7);
        for (int i = 0; i < rows; i++)
        {
            (double a, double b) = (random.NextDouble() + (i % 2 == 0 ? 0 : 0.8), random.NextDouble());
            builder.BeginRow(i);
            builder.SetFloat64(0, a);
            builder.SetFloat64(1, b);
            if (numeric)
                builder.SetFloat64(2, (2 * a) + (3 * b));
            else
                builder.SetText(2, i % 2 == 0 ? "left"u8 : "right"u8);
            builder.EndRow();
        }

        return new TrainingData { Inputs = inputs, Batches = [builder.Build()], LabelType = numeric ? FieldType.Float64 : FieldType.Text };
    }

    public async Task<(TrainedModel Model, string Folder)> TrainAsync(WorkflowPackage package, TrainingData data, Observer? observer = null)
    {
        string folder = NewFolder();
        TrainedModel model = await Runtime(package.Manifest.Runtime).TrainAsync(
            new TrainingJob($"t{_count}", package, data, package.Manifest.Parameters, folder), observer ?? new Observer(), CancellationToken.None);
        return (model, folder);
    }

    public Task<IPredictor> LoadAsync(WorkflowPackage package, string model, FeedSchema inputs, IReadOnlyList<string>? classes) =>
        Runtime(package.Manifest.Runtime).LoadAsync(new PredictorRequest(package, model, inputs, classes, 256), CancellationToken.None);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Remembers metrics and lines.</summary>
    public sealed class Observer : ITrainingObserver
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public Dictionary<string, double> Metrics { get; } = [];

        public void Progress(double fraction, string text)
        {
            // Nobody looks.
        }

        public void Metric(string name, double value, long? step) => Metrics[name] = value;

        public void Log(string line, bool isError) => Lines.Enqueue(line);

        public void Process(int processId)
        {
            // Nobody looks.
        }
    }

    private sealed class Listener(ConcurrentQueue<string> said) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => said.Enqueue(formatter(state, exception));

        public void Dispose()
        {
            // Nothing to release.
        }
    }
}

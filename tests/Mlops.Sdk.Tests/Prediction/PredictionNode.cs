using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Ingest;
using Mlops.Prediction;
using Mlops.Store;
using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Tests.Prediction;

/// <summary>A whole node with the stand-in runtime, for tests of the prediction stage.</summary>
internal sealed class PredictionNode : IAsyncDisposable
{
    public const string Feed = "press";
    private const string Number = "[{name: x, type: number, unit: mm, default: 10}]";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly IHost _host;

    private PredictionNode(IHost host, StandInRuntime runtime)
    {
        _host = host;
        Runtime = runtime;
    }

    public StandInRuntime Runtime { get; }

    public IDeployments Deployments => Get<IDeployments>();

    public IPredictions Predictions => Get<IPredictions>();

    public static async Task<PredictionNode> StartAsync(string folder, bool mqtt = false, TimeProvider? time = null, bool python = false, params (string Key, string Value)[] settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Mlops:DataFolder"] = Path.Combine(folder, "data"),
            ["Mlops:Node:Name"] = "node1",
            ["Mlops:Mqtt:Port"] = "0",
        });
        foreach ((string key, string value) in settings)
            builder.Configuration[key] = value;
        builder.Logging.SetMinimumLevel(LogLevel.None);
        var runtime = new StandInRuntime();
        builder.Services.AddSingleton<IWorkflowRuntime>(runtime);
        if (time is not null)
            builder.Services.AddSingleton(time);
        IMlopsBuilder mlops = builder.Services.AddMlops(builder.Configuration.GetSection("Mlops"));
        if (mqtt)
            mlops.AddMqttBroker();
        if (python)
            mlops.AddPython();
        IHost host = builder.Build();
        await host.StartAsync();
        return new PredictionNode(host, runtime);
    }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public async Task<long> WriteAsync(params double[] values)
    {
        await Get<IFeedWriter>().WriteAsync(Feed, [.. values.Select((v, i) => new FeedRecord(
            DateTimeOffset.UnixEpoch.AddSeconds(i), new Dictionary<string, object?> { ["x"] = v }))]);
        return Get<IFeedReader>().List().Single(f => f.Schema.Feed == Feed).LastPosition;
    }

    /// <summary>Trains a model that multiplies by a factor.</summary>
    public async Task<string> TrainAsync(string folder, double factor = 2, string? golden = null, string inputs = Number)
    {
        await InstallAsync(folder, "double", "output: {fields: [{name: twice, type: number}]}", golden, inputs);
        return await TrainAsync(new TrainingRequest { Workflow = "double", Feed = Feed, Params = new Dictionary<string, object?> { ["factor"] = factor } });
    }

    /// <summary>Trains a model that answers <c>high</c> from a limit on, else <c>low</c>; its truth is the label set <c>side</c>.</summary>
    public async Task<string> TrainClassifierAsync(string folder, double limit)
    {
        await InstallAsync(folder, "side", "output: {classes: [low, high]}\nlabel: side");
        if (Get<ILabels>().List(Feed, "side", 1).Count == 0)
        {
            await WriteAsync(1, 99);
            long last = Get<IFeedReader>().List().Single(f => f.Schema.Feed == Feed).LastPosition;
            await Get<ILabels>().AddAsync(Feed, [new Label { Set = "side", Value = "low", Position = last - 1 }, new Label { Set = "side", Value = "high", Position = last }]);
        }

        return await TrainAsync(new TrainingRequest { Workflow = "side", Feed = Feed, Params = new Dictionary<string, object?> { ["factor"] = limit } });
    }

    public async Task<string> TrainAsync(TrainingRequest request)
    {
        TrainingInfo training = await Get<ITrainings>().StartAsync(request);
        training = await Get<ITrainings>().WaitAsync(training.Id);
        return training.Model ?? throw new InvalidOperationException(training.Reason);
    }

    public Task<DeploymentInfo> DeployAsync(string model, Func<DeploymentRequest, DeploymentRequest>? change = null)
    {
        string workflow = Get<IModels>().Find(model)?.Workflow ?? "double";
        var request = new DeploymentRequest { Workflow = workflow, Model = model, Feed = Feed };
        return Deployments.StartAsync(change is null ? request : change(request));
    }

    /// <summary>Waits until the deployment's durable position has reached that of a record.</summary>
    public async Task WaitAsync(string deployment, long position)
    {
        var waited = Stopwatch.StartNew();
        while (Deployments.Find(deployment)!.Position < position)
        {
            if (waited.Elapsed > Patience)
                throw new TimeoutException($"Position {Deployments.Find(deployment)!.Position} instead of {position}, state {Deployments.Find(deployment)!.State}: {Deployments.Find(deployment)!.Reason}");
            await Task.Delay(10);
        }
    }

    private async Task InstallAsync(string folder, string name, string more, string? golden = null, string inputs = Number)
    {
        string package = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        await File.WriteAllTextAsync(Path.Combine(package, "workflow.yaml"), $$"""
            name: {{name}}
            version: 1.0.0
            description: Works on a number.
            runtime: stand-in
            inputs: {{inputs}}
            parameters: {factor: 2.0}
            fill: "null"
            {{more.ReplaceLineEndings("\n            ")}}
            """.Replace("\n            ", "\n", StringComparison.Ordinal));
        if (golden is not null)
            await File.WriteAllTextAsync(Path.Combine(package, "golden.csv"), golden);
        await Get<IWorkflowCatalog>().InstallAsync(package, trusted: true);
    }

    /// <summary>Waits until something is so.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            if (waited.Elapsed > Patience)
                throw new TimeoutException("What was waited for did not happen.");
            await Task.Delay(10);
        }
    }

    /// <summary>Returns the stored answers in the order of their records.</summary>
    public async Task<List<PredictionResult>> AnswersAsync(string deployment) =>
        [.. (await Predictions.ListAsync(deployment, 10_000)).OrderBy(a => a.Source.Row)];

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}

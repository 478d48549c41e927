using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Ingest;
using Mlops.Prediction;
using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Benchmarks.Deploying;

/// <summary>A whole node in this process, to which packages are given and on which models are deployed.</summary>
internal sealed class DeployNode : IAsyncDisposable
{
    private const string Feed = "press";
    private readonly IHost _host;

    private DeployNode(IHost host) => _host = host;

    private IDeployments Deployments => _host.Services.GetRequiredService<IDeployments>();

    private ITrainings Trainings => _host.Services.GetRequiredService<ITrainings>();

    /// <summary>Starts a node with a record of sixteen numbers.</summary>
    /// <param name="folder">Its data folder.</param>
    /// <param name="stop">Gives up.</param>
    /// <param name="settings">What is not as by default, by its key below <c>Mlops</c>.</param>
    public static async Task<DeployNode> StartAsync(string folder, CancellationToken stop, params (string Key, string Value)[] settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration["Mlops:DataFolder"] = folder;
        builder.Configuration["Mlops:Node:Name"] = "node";
        builder.Configuration["Mlops:Mqtt:Port"] = "0";
        foreach ((string key, string value) in settings)
            builder.Configuration[$"Mlops:{key}"] = value;
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Error);
        builder.Services.AddMlops(builder.Configuration.GetSection("Mlops")).AddPython();
        IHost host = builder.Build();
        await host.StartAsync(stop);
        var node = new DeployNode(host);
        await node.WriteAsync(DateTimeOffset.UtcNow, stop);
        return node;
    }

    /// <summary>Installs a package as an upload by a stranger would, or as one of the host's own.</summary>
    public Task<WorkflowPackage> InstallAsync(string path, bool trusted, CancellationToken stop) =>
        _host.Services.GetRequiredService<IWorkflowCatalog>().InstallAsync(path, trusted, stop);

    /// <summary>Trains and returns the model's id.</summary>
    public async Task<string> TrainAsync(WorkflowPackage package, IReadOnlyDictionary<string, object?>? parameters, CancellationToken stop)
    {
        TrainingInfo training = await Trainings.StartAsync(
            new TrainingRequest { Workflow = package.Manifest.Name, Version = package.Manifest.Version, Feed = Feed, Params = parameters }, stop);
        training = await Trainings.WaitAsync(training.Id, stop);
        return training.Model ?? throw new InvalidOperationException($"The training gave no model: {training.Reason}");
    }

    /// <summary>Deploys a model, which includes its files being held against their signature, its golden cases and three calls, and waits for the answer to one record. Leaves it running.</summary>
    public async Task<DeploymentInfo> DeployAsync(string workflow, string model, CancellationToken stop)
    {
        DeploymentInfo deployment = await Deployments.StartAsync(new DeploymentRequest { Workflow = workflow, Model = model, Feed = Feed }, stop);
        await WriteAsync(DateTimeOffset.UtcNow, stop);
        while (Deployments.Find(deployment.Id)!.Answered == 0)
            await Task.Delay(1, stop);
        return deployment;
    }

    public Task EndAsync(DeploymentInfo deployment) => Deployments.StopAsync(deployment.Id);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    private async Task WriteAsync(DateTimeOffset time, CancellationToken stop) => await _host.Services.GetRequiredService<IFeedWriter>().WriteAsync(
        Feed, [new FeedRecord(time, Enumerable.Range(0, 16).ToDictionary(i => $"value{i}", i => (object?)(double)i))], stop);
}

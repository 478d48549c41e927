using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Databus;
using Mlops.Prediction;
using Mlops.Store;
using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Scenarios.Tests.Samples;

/// <summary>A whole node with its broker in this process, for the sample workflows; their code runs in workers.</summary>
internal sealed class SampleNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly IHost _host;
    private readonly string _folder;

    private SampleNode(IHost host, string folder) => (_host, _folder) = (host, folder);

    public int Port => Get<IMqttEndpoint>().Port;

    public static async Task<SampleNode> StartAsync(params (string Key, string Value)[] settings)
    {
        string folder = Directory.CreateTempSubdirectory("mlops-sample-").FullName;
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Mlops:DataFolder"] = Path.Combine(folder, "data"),
            ["Mlops:Mqtt:Port"] = "0",
            ["Mlops:Runtime:InProcess"] = "never",
        });
        foreach ((string key, string value) in settings)
            builder.Configuration[key] = value;
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddMlops(builder.Configuration.GetSection("Mlops")).AddMqttBroker().AddPython().AddOnnx();
        IHost host = builder.Build();
        await host.StartAsync();
        return new SampleNode(host, folder);
    }

    /// <summary>Copies a sample workflow, so that it can be changed.</summary>
    public string Copy(string workflow)
    {
        string source = Path.Combine(Repository.Root, "samples", "workflows", workflow), target = Path.Combine(_folder, workflow);
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Where(f => !f.Contains("__pycache__", StringComparison.Ordinal)))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return target;
    }

    /// <summary>Installs a package; what has sample data is trained on it and passes its golden cases.</summary>
    public Task<WorkflowPackage> InstallAsync(string folder) => Get<IWorkflowCatalog>().InstallAsync(folder, trusted: true);

    public async Task<ModelInfo> TrainAsync(TrainingRequest request)
    {
        TrainingInfo training = await Get<ITrainings>().StartAsync(request);
        training = await Get<ITrainings>().WaitAsync(training.Id).WaitAsync(Patience);
        training.State.ShouldBe(TrainingState.Succeeded, training.Reason);
        return Get<IModels>().Find(training.Model!)!;
    }

    /// <summary>Deploys a model from the first record on and returns its answers once it has come to the end of the feed.</summary>
    public async Task<IReadOnlyList<PredictionResult>> AnswerAllAsync(DeploymentRequest request, string feed)
    {
        DeploymentInfo deployment = await Get<IDeployments>().StartAsync(request with { From = DateTimeOffset.UnixEpoch });
        await CaughtUpAsync(deployment.Id, feed);
        return await Get<IPredictions>().ListAsync(deployment.Id, 100_000);
    }

    public async Task CaughtUpAsync(string deployment, string feed)
    {
        long last = Get<IFeedReader>().List().Single(f => f.Schema.Feed == feed).LastPosition;
        await UntilAsync(() => Get<IDeployments>().Find(deployment)!.Position >= last, () => $"Deployment {deployment}: {Get<IDeployments>().Find(deployment)}");
    }

    public static async Task UntilAsync(Func<bool> condition, Func<string> what)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            if (waited.Elapsed > Patience)
                throw new TimeoutException(what());
            await Task.Delay(20);
        }
    }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

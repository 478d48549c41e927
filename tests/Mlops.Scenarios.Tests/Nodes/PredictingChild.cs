using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Prediction;
using Mlops.Store;
using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Scenarios.Tests.Nodes;

/// <summary>
/// The process of a node on a broker outside. The first time it trains and deploys a package as soon as a feed has records, and answers all of them; later it goes
/// on where it was. Says "running MODE TOPIC" when it answers, and stops gracefully when its input ends.
/// </summary>
internal static class PredictingChild
{
    public const string Verb = "predicting";

    private const int RecordsToTrainOn = 20;

    public static async Task RunAsync(string dataFolder, string brokerPort, string feed, string package)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
        [
            new("Mlops:DataFolder", dataFolder), new("Mlops:Node:Name", "node"), new("Mlops:Mqtt:Host", "127.0.0.1"), new("Mlops:Mqtt:Port", brokerPort),
            new("Mlops:Store:SegmentBytes", "256 KB"), new("Mlops:Store:SegmentCheckInterval", "00:00:00.1"),
        ]);
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Error);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMinutes(3));
        builder.Services.AddMlops(builder.Configuration.GetSection("Mlops")).AddMqttBroker().AddPython();
        using IHost host = builder.Build();
        await host.StartAsync();
        IDeployments deployments = host.Services.GetRequiredService<IDeployments>();
        if (deployments.List().Count == 0)
            await DeployAsync(host.Services, deployments, feed, package);
        DeploymentInfo deployment;
        while ((deployment = deployments.List().Single()).State != DeploymentState.Running)
            await Task.Delay(10);
        Console.WriteLine($"running {deployment.Mode} {deployment.Topic}");
        await Console.In.ReadToEndAsync();
        await host.StopAsync();
    }

    private static async Task DeployAsync(IServiceProvider services, IDeployments deployments, string feed, string package)
    {
        while (services.GetRequiredService<IFeedReader>().List().FirstOrDefault(f => f.Schema.Feed == feed) is not { Records: >= RecordsToTrainOn })
            await Task.Delay(10);
        WorkflowPackage installed = await services.GetRequiredService<IWorkflowCatalog>().InstallAsync(package, trusted: true);
        ITrainings trainings = services.GetRequiredService<ITrainings>();
        TrainingInfo training = await trainings.WaitAsync((await trainings.StartAsync(new TrainingRequest { Workflow = installed.Manifest.Name, Feed = feed })).Id);
        await deployments.StartAsync(new DeploymentRequest
        {
            Workflow = installed.Manifest.Name,
            Model = training.Model ?? throw new InvalidOperationException($"The training gave no model: {training.Reason}"),
            Feed = feed,
            From = DateTimeOffset.UnixEpoch,
            MaxAge = TimeSpan.FromHours(4),
            Output = new DeploymentOutput("kill", "answers"),
        });
    }
}

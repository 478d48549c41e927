using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Databus;
using Mlops.Prediction;
using Mlops.Store;
using Mlops.Training;
using Mlops.Workflows;

namespace Mlops.Benchmarks.WholePath;

/// <summary>The child process: a node with default settings that trains and deploys when the first records are there.</summary>
internal static class NodeProcess
{
    private const int RecordsToTrainOn = 50;

    /// <summary>Says "port N", waits for records, trains, deploys, says "ready MODE FOLDER_OF_THE_MODEL" and runs until its standard input ends.</summary>
    public static async Task RunAsync(string dataFolder, string model, string engine)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration["Mlops:DataFolder"] = dataFolder;
        builder.Configuration["Mlops:Node:Name"] = "node";
        builder.Configuration["Mlops:Mqtt:Port"] = "0";
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        IMlopsBuilder mlops = builder.Services.AddMlops(builder.Configuration.GetSection("Mlops")).AddMqttBroker().AddPython();
        if (engine == "onnx")
            mlops.AddOnnx();
        using IHost host = builder.Build();
        await host.StartAsync();
        Console.WriteLine($"port {host.Services.GetRequiredService<IMqttEndpoint>().Port}");

        IFeedReader feeds = host.Services.GetRequiredService<IFeedReader>();
        while (feeds.List().FirstOrDefault(f => f.Schema.Feed == Topics.Feed) is not { Records: >= RecordsToTrainOn })
            await Task.Delay(20);
        WorkflowPackage package = await host.Services.GetRequiredService<IWorkflowCatalog>().InstallAsync(Harness.PythonOfThisMachine.Workflow, trusted: true);
        ITrainings trainings = host.Services.GetRequiredService<ITrainings>();
        TrainingInfo training = await trainings.StartAsync(new TrainingRequest
        {
            Workflow = package.Manifest.Name,
            Feed = Topics.Feed,
            Params = new Dictionary<string, object?> { ["model"] = model },
        });
        training = await trainings.WaitAsync(training.Id);
        DeploymentInfo deployment = await host.Services.GetRequiredService<IDeployments>().StartAsync(new DeploymentRequest
        {
            Workflow = package.Manifest.Name,
            Model = training.Model ?? throw new InvalidOperationException($"The training gave no model: {training.Reason}"),
            Feed = Topics.Feed,
            Output = new DeploymentOutput("bench", "answers"),
        });
        if (deployment.Topic != Topics.Answers)
            throw new InvalidOperationException($"The answers appear on '{deployment.Topic}' instead of '{Topics.Answers}'.");
        Console.WriteLine($"ready {deployment.Mode} {host.Services.GetRequiredService<IModels>().Find(training.Model)!.Folder}");
        await Console.In.ReadToEndAsync();
        await host.StopAsync();
    }
}

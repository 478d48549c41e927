using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mlops.Ingest;
using Mlops.Prediction;
using Mlops.Training;
using Mlops.Workflows;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddMlops(builder.Configuration.GetSection("Mlops")).AddPython();
using IHost host = builder.Build();
await host.StartAsync();
T Get<T>() where T : notnull => host.Services.GetRequiredService<T>();
FeedRecord Cut(string side) => new(DateTimeOffset.UtcNow, new Dictionary<string, object?>
{ ["a"] = Random.Shared.NextDouble() + (side == "left" ? 0 : 1), ["b"] = Random.Shared.NextDouble(), ["side"] = side });

await Get<IFeedWriter>().WriteAsync("cutter", [.. Enumerable.Range(0, 500).Select(i => Cut(i % 2 == 0 ? "left" : "right"))]);
await Get<IWorkflowCatalog>().InstallAsync(Path.Combine(AppContext.BaseDirectory, "side-of-cut"), trusted: true);
TrainingInfo training = await Get<ITrainings>().StartAsync(new TrainingRequest { Workflow = "side-of-cut", Feed = "cutter" });
training = await Get<ITrainings>().WaitAsync(training.Id);
DeploymentInfo deployment = await Get<IDeployments>().StartAsync(new DeploymentRequest { Workflow = "side-of-cut", Model = training.Model!, Feed = "cutter" });
_ = Task.Run(async () => { for (; ; await Task.Delay(100)) await Get<IFeedWriter>().WriteAsync("cutter", [Cut("left")]); });
await foreach (PredictionResult answer in Get<IPredictions>().SubscribeAsync(deployment.Id).Take(5))
    Console.WriteLine($"record {answer.Source.Row}: {answer.Values["label"]} ({answer.Values["score"]:0.00})");
await host.StopAsync();

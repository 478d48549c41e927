using Demo.Sources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Databus;
using Mlops.Prediction;
using Mlops.Store;
using Mlops.Training;
using Mlops.Workflows;

namespace Demo;

/// <summary>The EdgeHost sample as the demo runs it, with the services that the demo uses.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly WebApplication _host;

    private Node(WebApplication host, WarningLog warnings)
    {
        _host = host;
        Warnings = warnings;
    }

    public WarningLog Warnings { get; }

    /// <summary>Gets where REST and pages are.</summary>
    public string Address => Get<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public IMqttEndpoint Mqtt => Get<IMqttEndpoint>();

    public IFeedReader Feeds => Get<IFeedReader>();

    public ILabels Labels => Get<ILabels>();

    public IWorkflowCatalog Workflows => Get<IWorkflowCatalog>();

    public ITrainings Trainings => Get<ITrainings>();

    public IDeployments Deployments => Get<IDeployments>();

    public IPredictions Predictions => Get<IPredictions>();

    public static async Task<Node> StartAsync(DemoOptions options, IDemoSource source, string dataFolder, CancellationToken cancellationToken)
    {
        List<string> settings =
        [
            $"--Mlops:DataFolder={dataFolder}",
            "--Mlops:Node:Name=demo",
            options.Broker is { } broker ? $"--Mlops:Mqtt:Host={broker.Host}" : "--Mlops:Mqtt:Host=",
            $"--Mlops:Mqtt:Port={options.Broker?.Port ?? 0}",
            $"--urls=http://127.0.0.1:{options.Port}",
            $"--Mlops:Labels:0:From={source.LabelFeed}",
            $"--Mlops:Labels:0:Feed={source.Feed}",
            $"--Mlops:Labels:0:Set={source.LabelSet}",
        ];
        WebApplicationBuilder builder = EdgeHost.Program.CreateBuilder([.. settings]);
        var warnings = new WarningLog();
        if (!options.Verbose)
            builder.Logging.ClearProviders();
        builder.Logging.AddProvider(warnings);
        builder.Services.Configure<ConsoleLifetimeOptions>(o => o.SuppressStatusMessages = true);
        WebApplication host = builder.Build();
        host.MapMlops();
        try
        {
            await host.StartAsync(cancellationToken);
            return new Node(host, warnings);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(TimeSpan.FromSeconds(30));
        await _host.DisposeAsync();
    }

    private T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();
}

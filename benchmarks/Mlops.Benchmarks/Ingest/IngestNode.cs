using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Databus;

namespace Mlops.Benchmarks.Ingest;

/// <summary>The child process with our side: embedded broker, ingest and store, all with default settings.</summary>
internal static class IngestNode
{
    /// <summary>Says "port N", runs until its standard input ends, and then stops gracefully, with every record in a Parquet file.</summary>
    public static async Task RunAsync(string dataFolder)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration["Mlops:DataFolder"] = dataFolder;
        builder.Configuration["Mlops:Node:Name"] = "node";
        builder.Configuration["Mlops:Mqtt:Port"] = "0";
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddMlopsCore(builder.Configuration.GetSection("Mlops")).AddStore().AddIngest().AddMqttBroker();
        using IHost host = builder.Build();
        await host.StartAsync();
        Console.WriteLine($"port {host.Services.GetRequiredService<IMqttEndpoint>().Port}");
        await Console.In.ReadToEndAsync();
        await host.StopAsync();
    }
}

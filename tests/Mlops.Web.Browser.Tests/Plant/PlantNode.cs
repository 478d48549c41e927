using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mlops.Client;
using Mlops.Drivers;
using Mlops.Messaging;

namespace Mlops.Web.Browser.Tests.Plant;

/// <summary>The sample host as it is shipped, on free ports, in a folder of its own, with one more kind of driver.</summary>
internal sealed class PlantNode : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PlantNode(WebApplication app, string folder, string? token)
    {
        (_app, Folder) = (app, folder);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/");
        Client = new MlopsClient(Address, token);
    }

    public string Folder { get; }

    public Uri Address { get; }

    public MlopsClient Client { get; }

    public static async Task<PlantNode> StartAsync(params (string Key, string Value)[] settings)
    {
        string folder = Directory.CreateTempSubdirectory("mlops-browser-tests-").FullName;
        WebApplicationBuilder builder = EdgeHost.Program.CreateBuilder(
        [
            $"--Mlops:DataFolder={Path.Combine(folder, "data")}",
            $"--Mlops:Web:BackupFolder={Path.Combine(folder, "backups")}",
            "--Mlops:Mqtt:Port=0",
            "--Mlops:Node:Name=press-hall-2",
            "--Mlops:Python:Executable=/usr/bin/python3",
            "--urls=http://127.0.0.1:0",
            .. settings.Select(s => $"--{s.Key}={s.Value}"),
        ]);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHighLevelDriverFactory, PressFactory>();
        WebApplication app = builder.Build();
        app.MapMlops("/");
        await app.StartAsync();
        return new PlantNode(app, folder, settings.FirstOrDefault(s => s.Key == "Mlops:Web:ApiToken").Value);
    }

    /// <summary>Publishes to the node's own broker, as an asset would.</summary>
    public async Task PublishAsync(string topic, string payload, bool retain = false) =>
        await _app.Services.GetRequiredService<IMessageBus>().PublishAsync(topic, Encoding.UTF8.GetBytes(payload), retain);

    /// <summary>Waits until something is so on the node.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            if (waited.Elapsed > Visit.Patience)
                throw new TimeoutException($"This did not happen: {what}.");
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}

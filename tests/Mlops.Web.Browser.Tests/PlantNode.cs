using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mlops.Client;

namespace Mlops.Web.Browser.Tests;

/// <summary>The sample host as it is shipped, on free ports, in a folder of its own.</summary>
internal sealed class PlantNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _folder;

    private PlantNode(WebApplication app, string folder, string? token)
    {
        (_app, _folder) = (app, folder);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/");
        Client = new MlopsClient(Address, token);
    }

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
        builder.Logging.SetMinimumLevel(LogLevel.None);
        WebApplication app = builder.Build();
        app.MapMlops("/");
        await app.StartAsync();
        return new PlantNode(app, folder, settings.FirstOrDefault(s => s.Key == "Mlops:Web:ApiToken").Value);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

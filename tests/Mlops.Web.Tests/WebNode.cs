using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mlops.Client;
using Mlops.Workflows;

namespace Mlops.Web.Tests;

/// <summary>A whole node on a free port of Kestrel, in a folder of its own, with a runtime that needs no Python.</summary>
internal sealed class WebNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly WebApplication _app;
    private readonly List<IDisposable> _clients = [];

    private WebNode(WebApplication app, string folder) => (_app, Folder) = (app, folder);

    public string Folder { get; }

    public IServiceProvider Services => _app.Services;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First().Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal) + "/");

    /// <summary>Gets a client without token and cookies.</summary>
    public HttpClient Http => field ??= Client();

    public MlopsClient Typed => field ??= new MlopsClient(Http);

    public static async Task<WebNode> StartAsync(Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? before = null, string? folder = null, string prefix = "/", bool broker = true, params (string Key, string Value)[] settings)
    {
        folder ??= Directory.CreateTempSubdirectory("mlops-web-tests-").FullName;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = folder });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Mlops:DataFolder"] = Path.Combine(folder, "data"),
            ["Mlops:Node:Name"] = "node1",
            ["Mlops:Mqtt:Port"] = "0",
            ["Mlops:Web:BackupFolder"] = Path.Combine(folder, "backups"),
        });
        foreach ((string key, string value) in settings)
            builder.Configuration[key] = value;
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddSingleton<IWorkflowRuntime, DoublingRuntime>();
        configure?.Invoke(builder);
        IMlopsBuilder mlops = builder.Services.AddMlops(builder.Configuration.GetSection("Mlops")).AddWeb();
        if (broker)
            mlops.AddMqttBroker();
        WebApplication app = builder.Build();
        before?.Invoke(app);
        app.MapMlops(prefix);
        await app.StartAsync();
        return new WebNode(app, folder);
    }

    public HttpClient Client(string? token = null, HttpMessageHandler? handler = null)
    {
        var http = new HttpClient(handler ?? new SocketsHttpHandler { UseCookies = false }) { BaseAddress = Address };
        if (token is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        _clients.Add(http);
        return http;
    }

    /// <summary>Stops the node without deleting its folder.</summary>
    public async Task StopAsync()
    {
        foreach (IDisposable client in _clients)
            client.Dispose();
        _clients.Clear();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Folder, recursive: true);
    }

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    /// <summary>Waits until something is so.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            if (waited.Elapsed > Patience)
                throw new TimeoutException("What was waited for did not happen.");
            await Task.Delay(20);
        }
    }

    public static async Task<string> ReadAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        string text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(expected, text);
        return text;
    }
}

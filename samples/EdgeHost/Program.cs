using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EdgeHost;

/// <summary>A node beside the machine: broker, store, training, prediction, REST. Everything is set by appsettings.json, environment or command line.</summary>
public static class Program
{
    /// <summary>Builds the host; the demo starts the same one.</summary>
    /// <param name="args">Settings, for example <c>--Mlops:DataFolder=./data --urls=http://127.0.0.1:8080</c>.</param>
    /// <returns>The builder, to which a host of your own can add.</returns>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseUrls(builder.Configuration["urls"] ?? "http://127.0.0.1:8080");
        builder.Services.AddMlops(builder.Configuration.GetSection("Mlops")).AddMqttBroker().AddPython().AddOnnx().AddOpcUa().AddGenICam().AddWeb();
        return builder;
    }

    private static async Task<int> Main(string[] args)
    {
        try
        {
            await using WebApplication app = CreateBuilder(args).Build();
            app.MapMlops("/");
            await app.RunAsync();
            return 0;
        }
        catch (Exception e) when (e is OptionsValidationException or IOException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync($"EdgeHost could not start: {e.Message}");
            return 1;
        }
    }
}

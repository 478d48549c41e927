using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EdgeHost;

/// <summary>A node beside the machine: embedded broker, store, training and prediction. Everything is set by appsettings.json, environment or command line.</summary>
public static class Program
{
    /// <summary>Builds the host; the demo starts the same one.</summary>
    /// <param name="args">Settings, for example <c>--Mlops:DataFolder=./data</c>.</param>
    /// <returns>The builder, to which a host of your own can add.</returns>
    public static HostApplicationBuilder CreateBuilder(string[] args)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddMlops(builder.Configuration.GetSection("Mlops")).AddMqttBroker().AddPython();
        return builder;
    }

    private static async Task<int> Main(string[] args)
    {
        try
        {
            using IHost host = CreateBuilder(args).Build();
            await host.RunAsync();
            return 0;
        }
        catch (Exception e) when (e is OptionsValidationException or IOException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync($"EdgeHost could not start: {e.Message}");
            return 1;
        }
    }
}

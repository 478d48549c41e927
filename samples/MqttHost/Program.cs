using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

// A broker in a process of its own, and nothing else. Everything is set by appsettings.json, environment or command line.

// Threads that wait for sockets serve them too; a process with other work could not afford that. Read by the first socket.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
try
{
    HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.Services.AddMlopsCore(builder.Configuration.GetSection("Mlops")).AddMqttBroker();
    await builder.Build().RunAsync();
    return 0;
}
catch (Exception e) when (e is OptionsValidationException or IOException or InvalidOperationException)
{
    await Console.Error.WriteLineAsync($"MqttHost could not start: {e.Message}");
    return 1;
}

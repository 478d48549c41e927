using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Databus;
using Mlops.Ingest;
using Mlops.Store;

namespace Mlops.Scenarios.Tests.Nodes;

/// <summary>
/// The process of a node: says "port N", then answers each line "NUMBER QUESTION" of its standard input with "NUMBER JSON", and stops
/// gracefully when the input ends.
/// </summary>
internal static class NodeChild
{
    public const string Verb = "node";

    public static async Task RunAsync(string dataFolder, IEnumerable<string> settings)
    {
        using var work = new StoreWork();
        using IHost host = Build(dataFolder, settings, configure: null);
        await host.StartAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"port {host.Services.GetRequiredService<IMqttEndpoint>().Port}"));
        while (await Console.In.ReadLineAsync() is { } line)
        {
            string[] words = line.Split(' ', 2);
            Console.WriteLine($"{words[0]} {JsonSerializer.Serialize(await AnswerAsync(host.Services, work, words[1]))}");
        }

        await host.StopAsync();
    }

    /// <summary>Builds a node with default settings apart from those given as "Section:Name=value" below <c>Mlops</c>.</summary>
    public static IHost Build(string dataFolder, IEnumerable<string> settings, Action<IServiceCollection>? configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("Mlops:DataFolder", dataFolder), new("Mlops:Node:Name", "node"), new("Mlops:Mqtt:Port", "0")]);
        builder.Configuration.AddInMemoryCollection(settings.Select(s => s.Split('=', 2)).ToDictionary(s => $"Mlops:{s[0]}", s => (string?)s[1]));
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Error);
        // A thousand feeds may take a slow machine a while to write.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMinutes(3));
        configure?.Invoke(builder.Services);
        builder.Services.AddMlopsCore(builder.Configuration.GetSection("Mlops")).AddStore().AddIngest().AddMqttBroker();
        return builder.Build();
    }

    private static async Task<object> AnswerAsync(IServiceProvider services, StoreWork work, string question) => question switch
    {
        "report" => services.GetRequiredService<IIngestStatus>().Report(),
        "feeds" => services.GetRequiredService<IFeedReader>().List().ToDictionary(f => f.Schema.Feed, f => f.Records),
        "letters" => services.GetRequiredService<IDeadLetters>().List(int.MaxValue).Select(l => Encoding.UTF8.GetString(l.Payload.Span)).ToList(),
        "verify" => await services.GetRequiredService<IStoreKeeper>().VerifyAsync(),
        "damaged" => services.GetRequiredService<IStoreKeeper>().Status().Damaged,
        "work" => work.Counts,
        _ when question.StartsWith("backup ", StringComparison.Ordinal) => await services.GetRequiredService<IStoreBackup>().BackupAsync(question["backup ".Length..]),
        _ => throw new InvalidOperationException($"A node does not know the question '{question}'."),
    };
}

using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Data;
using Mlops.Databus;
using Mlops.Ingest;
using Mlops.Store;
using Mlops.Tests.Ingest;
using Mlops.Tests.Store;

namespace Mlops.Tests.Databus;

/// <summary>A whole way in: MQTT, ingest and the real store, in a folder that another node can open later.</summary>
internal sealed class BrokerNode : IAsyncDisposable
{
    private readonly IHost _host;
    private bool _stopped;

    private BrokerNode(string folder, string[] settings, Action<IServiceCollection>? configure)
    {
        Folder = folder;
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("Mlops:DataFolder", folder), new("Mlops:Node:Name", "node1"), new("Mlops:Mqtt:Port", "0")]);
        builder.Configuration.AddInMemoryCollection(settings.Select(s => s.Split('=', 2)).ToDictionary(s => $"Mlops:{s[0]}", s => (string?)s[1]));
        builder.Services.AddSingleton<ILoggerFactory>(Logs);
        builder.Services.AddLogging();
        configure?.Invoke(builder.Services);
        builder.Services.AddMlopsCore(builder.Configuration.GetSection("Mlops")).AddStore().AddIngest().AddMqttBroker();
        _host = builder.Build();
    }

    public string Folder { get; }

    public LogCapture Logs { get; } = new();

    public int Port => Get<IMqttEndpoint>().Port;

    public IngestReport Report => Get<IIngestStatus>().Report();

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public static string NewFolder() => Directory.CreateTempSubdirectory("mlops-broker-").FullName;

    public static async Task<BrokerNode> StartAsync(string folder, string[]? settings = null, Action<IServiceCollection>? configure = null)
    {
        var node = new BrokerNode(folder, settings ?? [], configure);
        try
        {
            await node._host.StartAsync();
            return node;
        }
        catch
        {
            await ((IAsyncDisposable)node._host).DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a node on the embedded broker of which others know the port already.</summary>
    public static Task<BrokerNode> StartAsync(string folder, int port) => StartAsync(folder, [string.Create(CultureInfo.InvariantCulture, $"Mqtt:Port={port}")]);

    /// <summary>Starts a node on a broker outside.</summary>
    public static Task<BrokerNode> StartAsync(string folder, Mosquitto broker) =>
        StartAsync(folder, [string.Create(CultureInfo.InvariantCulture, $"Mqtt:Port={broker.Port}"), "Mqtt:Host=127.0.0.1"]);

    public async Task<List<Row>> RowsAsync(string feed)
    {
        var rows = new List<Row>();
        var reader = Get<IFeedReader>();
        if (reader.Find(feed) is null)
            return rows;
        await foreach (RecordBatch batch in reader.ReadAsync(new FeedQuery { Feed = feed }))
        {
            using (batch)
                rows.AddRange(Row.Of(batch));
        }

        return rows;
    }

    public Task UntilRecordsAsync(string feed, int count) => IngestNode.UntilAsync(
        () => Get<IFeedReader>().List().FirstOrDefault(f => f.Schema.Feed == feed)?.Records >= count, $"feed {feed} has fewer than {count} records");

    public async Task StopAsync()
    {
        _stopped = true;
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stopped)
            await StopAsync();
    }
}

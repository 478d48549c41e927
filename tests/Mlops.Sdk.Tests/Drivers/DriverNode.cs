using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Data;
using Mlops.Drivers;
using Mlops.Messaging;
using Mlops.Store;
using Mlops.Tests.Ingest;
using Mlops.Tests.Store;
using Mlops.Workflows;

namespace Mlops.Tests.Drivers;

/// <summary>A node with its real store and drivers, and a bus of the test. It can be started again on the same folder.</summary>
internal sealed class DriverNode : IAsyncDisposable
{
    private readonly IHost _host;
    private bool _stopped;

    private DriverNode(TemporaryFolder folder, string[] settings, IHighLevelDriverFactory[] factories)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([
            new("Mlops:Drivers:FirstRestart", "00:00:00.050"),
            new("Mlops:Drivers:LastRestart", "00:00:00.200"),
            new("Mlops:Drivers:StopTimeout", "00:00:05"),
            new("Mlops:Drivers:TestTimeout", "00:00:05")]);
        builder.Configuration.AddInMemoryCollection(settings.Select(s => s.Split('=', 2)).ToDictionary(s => $"Mlops:{s[0]}", s => (string?)s[1]));
        builder.Configuration.AddInMemoryCollection([new("Mlops:DataFolder", folder["data"]), new("Mlops:Node:Name", "node1")]);
        builder.Services.AddSingleton<ILoggerFactory>(Logs);
        builder.Services.AddLogging();
        builder.Services.AddSingleton<IMessageBus>(Bus);
        foreach (IHighLevelDriverFactory factory in factories)
            builder.Services.AddSingleton(factory);
        builder.Services.AddMlopsCore(builder.Configuration.GetSection("Mlops")).AddStore().AddDrivers();
        _host = builder.Build();
        DataFolder = folder["data"];
    }

    public string DataFolder { get; }

    public TestBus Bus { get; } = new();

    public LogCapture Logs { get; } = new();

    public IAssets Assets => Get<IAssets>();

    public IAssetCatalog Catalog => Get<IAssetCatalog>();

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public static async Task<DriverNode> StartAsync(TemporaryFolder folder, string[]? settings = null, params IHighLevelDriverFactory[] factories)
    {
        var node = new DriverNode(folder, settings ?? [], factories);
        try
        {
            await node._host.StartAsync();
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    public async Task UntilAsync(string asset, DriverState state) =>
        await Eventually.IsTrueAsync(() => Assets.Find(asset)?.State == state, $"asset '{asset}' is {Assets.Find(asset)}, not {state}");

    /// <summary>Reads a feed's committed records.</summary>
    public async Task<List<Dictionary<string, object?>>> RowsAsync(string feed)
    {
        var rows = new List<Dictionary<string, object?>>();
        if (Get<IFeedStore>().Find(feed) is null)
            return rows;
        await foreach (RecordBatch batch in Get<IFeedReader>().ReadAsync(new FeedQuery { Feed = feed }))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Count; row++)
                {
                    var values = batch.Schema.Fields.Select((f, i) => (f.Name, Value: batch.Column(i).GetValue(row))).ToDictionary(v => v.Name, v => v.Value);
                    values["@seq"] = batch.Sequences[row];
                    values["@time"] = EpochTime.ToDateTimeOffset(batch.Timestamps[row]);
                    rows.Add(values);
                }
            }
        }

        return rows;
    }

    public async Task<List<Dictionary<string, object?>>> UntilRowsAsync(string feed, int count)
    {
        List<Dictionary<string, object?>> rows = [];
        long started = System.Diagnostics.Stopwatch.GetTimestamp();
        while ((rows = await RowsAsync(feed)).Count < count)
        {
            System.Diagnostics.Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(60), $"{rows.Count} of {count} records in {feed}; {string.Join(" | ", Assets.List().Select(a => $"{a.Id} {a.State} {a.Reason}"))}");
            await Task.Delay(10);
        }

        return rows;
    }

    public async Task StopAsync()
    {
        _stopped = true;
        await _host.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stopped)
            await StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}

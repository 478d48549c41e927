using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mlops.Data;
using Mlops.Drivers.GenICam.Cameras;
using Mlops.Ingest;
using Mlops.Store;

namespace Mlops.Drivers.GenICam.Tests.Peers;

/// <summary>A node with a store, a broker and the driver, in a folder of its own.</summary>
internal sealed class CameraNode : IAsyncDisposable
{
    public const string Asset = "camera";
    public const string Frames = "genicam.camera.frames";
    public const string Kept = "genicam.camera.kept";
    private readonly IHost _host;
    private readonly bool _isOwn;

    private CameraNode(string folder, IHost host, bool isOwn) => (Folder, _host, _isOwn) = (folder, host, isOwn);

    public string Folder { get; }

    public static async Task<CameraNode> StartAsync(bool hasSimulation = false, ICameraProvider? provider = null, string? folder = null, IBlobStore? blobs = null)
    {
        bool isOwn = folder is null;
        folder ??= Directory.CreateTempSubdirectory("mlops-camera").FullName;
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
        [
            new("Mlops:DataFolder", Path.Combine(folder, "node")), new("Mlops:Node:Name", "node1"), new("Mlops:Mqtt:Port", $"{FreePort()}"), new("Mlops:GenICam:SimulatedCamera", $"{hasSimulation}"),
        ]);
        builder.Services.AddLogging();
        if (provider is not null)
            builder.Services.AddSingleton(provider);
        if (blobs is not null)
            builder.Services.AddSingleton(blobs);
        builder.Services.AddMlops(builder.Configuration.GetSection("Mlops")).AddMqttBroker().AddPython().AddGenICam();
        IHost host = builder.Build();
        await host.StartAsync();
        return new CameraNode(folder, host, isOwn);
    }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>Adds or changes the asset, with settings as a client sends them.</summary>
    public async Task PutAsync(string settings) => await Get<IAssetCatalog>().PutAsync(Asset, new AssetChange("genicam", JsonNode.Parse(settings)!.AsObject()));

    public async Task WriteAsync(string feed, params (string Field, object? Value)[] values) =>
        await Get<IFeedWriter>().WriteAsync(feed, [new FeedRecord(DateTimeOffset.UtcNow, values.ToDictionary(v => v.Field, v => v.Value))]);

    public async Task<List<Dictionary<string, object?>>> UntilAsync(string feed, Func<List<Dictionary<string, object?>>, bool> condition)
    {
        List<Dictionary<string, object?>> rows = [];
        for (int i = 0; i < 4_000; i++)
        {
            rows = await RowsAsync(feed);
            if (rows.Count > 0 && condition(rows))
                return rows;
            await Task.Delay(20);
        }

        AssetInfo? asset = Get<IAssets>().Find(Asset);
        throw new ShouldAssertException($"{feed} has {rows.Count} records, the last {string.Join(", ", rows.LastOrDefault() ?? [])}. {asset?.State} {asset?.Reason}");
    }

    /// <summary>Returns the records of a feed; <c>@time</c> and <c>@position</c> are theirs.</summary>
    public async Task<List<Dictionary<string, object?>>> RowsAsync(string feed)
    {
        var rows = new List<Dictionary<string, object?>>();
        var store = Get<IFeedStore>();
        if (store.Find(feed) is null)
            return rows;
        await foreach (RecordBatch batch in store.ReadAsync(new FeedQuery { Feed = feed }))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Count; row++)
                {
                    Dictionary<string, object?> values = batch.Schema.Fields.Select((f, i) => (f.Name, Value: batch.Column(i).GetValue(row))).ToDictionary(v => v.Name, v => v.Value);
                    values["@position"] = batch.Positions[row];
                    values["@time"] = EpochTime.ToDateTimeOffset(batch.Timestamps[row]);
                    rows.Add(values);
                }
            }
        }

        return rows;
    }

    public static bool IsStored(Dictionary<string, object?> record) => BlobReference.TryParse(record["image"] as string, out _);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        if (_isOwn)
            Directory.Delete(Folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

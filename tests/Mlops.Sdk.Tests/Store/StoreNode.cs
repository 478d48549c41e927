using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Data;
using Mlops.Store;
using Mlops.Store.Segments;
using Mlops.Store.Tail;

namespace Mlops.Tests.Store;

/// <summary>A host with nothing but the store, in a folder that can be opened again by another.</summary>
internal sealed class StoreNode : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly bool _ownsFolder;
    private bool _disposed;

    private StoreNode(string folder, bool ownsFolder, Dictionary<string, string?> settings, Action<IServiceCollection>? configure)
    {
        Folder = folder;
        _ownsFolder = ownsFolder;
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Configuration.AddInMemoryCollection([new("Mlops:DataFolder", folder)]);
        builder.Services.AddSingleton<ILoggerFactory>(Logs);
        configure?.Invoke(builder.Services);
        builder.Services.AddMlopsCore(builder.Configuration.GetSection("Mlops")).AddStore();
        _host = builder.Build();
    }

    public string Folder { get; }

    public string Feeds => Path.Combine(Folder, "feeds");

    public LogCapture Logs { get; } = new();

    public IServiceProvider Services => _host.Services;

    public FeedStore Store => Get<FeedStore>();

    public IFeedReader Reader => Get<IFeedReader>();

    public LiveTail Tail => Get<LiveTail>();

    public NodeDatabase Database => Get<NodeDatabase>();

    public SegmentCloser Closer => Get<SegmentCloser>();

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>Starts a node in a new folder, or in that of another node, which must be gone.</summary>
    /// <param name="folder">The folder; it is left when the node is disposed.</param>
    /// <param name="settings">Settings below <c>Mlops</c>, as <c>Store:SegmentBytes=64 KB</c>.</param>
    /// <param name="configure">Registers services before the store does.</param>
    public static async Task<StoreNode> StartAsync(string? folder = null, string[]? settings = null, Action<IServiceCollection>? configure = null)
    {
        var values = (settings ?? []).Select(s => s.Split('=', 2)).ToDictionary(s => $"Mlops:{s[0]}", s => (string?)s[1]);
        var node = new StoreNode(folder ?? NewFolder(), folder is null, values, configure);
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

    public static string NewFolder() => Directory.CreateTempSubdirectory("mlops-store-").FullName;

    /// <summary>Stops gracefully and leaves the folder.</summary>
    public async Task StopAsync()
    {
        await _host.StopAsync();
        await AbandonAsync();
    }

    /// <summary>Leaves everything as it is, without closing the log into files.</summary>
    public async Task AbandonAsync()
    {
        _disposed = true;
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_disposed)
            await AbandonAsync();
        if (_ownsFolder)
            await DeleteAsync(Folder);
    }

    // What was left in the middle of its work may still put a file there.
    private static async Task DeleteAsync(string folder)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
                return;
            }
            catch (IOException) when (waited.Elapsed < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(20);
            }
        }
    }

    public async Task<FeedSchema> DeclareAsync(string feed, params (string Name, FieldType Type)[] fields) =>
        await Store.DeclareAsync(new FeedDeclaration(null, feed, [.. fields.Select(f => new FeedField(f.Name, f.Type))]));

    /// <summary>Commits rows and returns the position of the first one. A row is its time in seconds and its values.</summary>
    public async Task<long> CommitAsync(FeedSchema schema, params (long Time, object?[] Values)[] rows)
    {
        using RecordBatch batch = await BuildAsync(schema, rows);
        await CommitAsync(batch);
        return batch.Positions[0];
    }

    public async Task CommitAsync(params RecordBatch[] batches)
    {
        var commit = new StoreCommit();
        foreach (RecordBatch batch in batches)
            commit.Batches.Add(batch);
        await Store.CommitAsync(commit);
    }

    public async Task<RecordBatch> BuildAsync(FeedSchema schema, params (long Time, object?[] Values)[] rows)
    {
        RecordBatchBuilder builder = Fill(schema, rows);
        return builder.Build(await Store.ReservePositionsAsync(rows.Length));
    }

    public static RecordBatchBuilder Fill(FeedSchema schema, params (long Time, object?[] Values)[] rows)
    {
        var builder = new RecordBatchBuilder(schema);
        foreach ((long time, object?[] values) in rows)
        {
            builder.BeginRow(time * 1_000_000_000, received: (time * 1_000_000_000) + 1);
            for (int c = 0; c < values.Length; c++)
                Set(builder, c, values[c]);
            builder.EndRow();
        }

        return builder;
    }

    public async Task<List<Row>> ReadAsync(FeedQuery query)
    {
        var rows = new List<Row>();
        await foreach (RecordBatch batch in Store.ReadAsync(query))
        {
            batch.Count.ShouldBeInRange(1, 16_384);
            using (batch)
                rows.AddRange(Row.Of(batch));
        }

        return rows;
    }

    public Task<List<Row>> ReadAsync(string feed, string? filter = null) => ReadAsync(new FeedQuery { Feed = feed, Filter = filter });

    public string[] Files() => Directory.Exists(Feeds)
        ? [.. Directory.EnumerateFiles(Feeds, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Feeds, f)).Order(StringComparer.Ordinal)]
        : [];

    private static void Set(RecordBatchBuilder builder, int column, object? value)
    {
        switch (value)
        {
            case null:
                break;
            case bool b:
                builder.SetBoolean(column, b);
                break;
            case double d:
                builder.SetFloat64(column, d);
                break;
            case ulong u:
                builder.SetUInt64(column, u);
                break;
            case string s:
                builder.SetText(column, Encoding.UTF8.GetBytes(s));
                break;
            case DateTimeOffset at:
                builder.SetInstant(column, EpochTime.FromDateTimeOffset(at));
                break;
            default:
                builder.SetInt64(column, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}

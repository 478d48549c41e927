using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Ingest;
using Mlops.Messaging;
using Mlops.Store;
using Mlops.Tests.Store;

namespace Mlops.Tests.Ingest;

/// <summary>A host with ingest between a bus of the test and a store in memory.</summary>
internal sealed class IngestNode : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly IHost _host;
    private readonly string _folder;
    private readonly bool _keepsFolder;
    private bool _stopped;

    private IngestNode(string[] settings, MemoryFeedStore? store, Action<IServiceCollection>? configure, string? folder)
    {
        _folder = folder ?? Directory.CreateTempSubdirectory("mlops-ingest-").FullName;
        _keepsFolder = folder is not null;
        Store = store ?? new MemoryFeedStore();
        Store.Committed += Tail.OnCommitted;
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings.Select(s => s.Split('=', 2)).ToDictionary(s => $"Mlops:{s[0]}", s => (string?)s[1]));
        builder.Configuration.AddInMemoryCollection([new("Mlops:DataFolder", _folder), new("Mlops:Node:Name", "node1")]);
        builder.Services.AddSingleton<ILoggerFactory>(Logs);
        builder.Services.AddLogging();
        builder.Services.AddSingleton<IFeedStore>(Store).AddSingleton<ILiveTail>(Tail).AddSingleton<IMessageBus>(Bus);
        configure?.Invoke(builder.Services);
        builder.Services.AddMlopsCore(builder.Configuration.GetSection("Mlops")).AddDrivers();
        _host = builder.Build();
    }

    public MemoryFeedStore Store { get; }

    public RecordingTail Tail { get; } = new();

    public TestBus Bus { get; } = new();

    public LogCapture Logs { get; } = new();

    public IFeedWriter Writer => Get<IFeedWriter>();

    public IngestReport Report => Get<IIngestStatus>().Report();

    public string DeadLetterFolder => Path.Combine(_folder, "dead-letters");

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public static async Task<IngestNode> StartAsync(string[]? settings = null, MemoryFeedStore? store = null, Action<IServiceCollection>? configure = null, string? folder = null)
    {
        var node = new IngestNode(settings ?? [], store, configure, folder);
        await node._host.StartAsync();
        return node;
    }

    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        long started = System.Diagnostics.Stopwatch.GetTimestamp();
        while (!condition())
        {
            System.Diagnostics.Stopwatch.GetElapsedTime(started).ShouldBeLessThan(Patience, what);
            await Task.Delay(2);
        }
    }

    /// <summary>Delivers a message and waits until it is acknowledged.</summary>
    public async Task SendAsync(string topic, string payload, bool retained = false)
    {
        long number = Interlocked.Increment(ref _lastNumber);
        await Bus.Deliver(topic, payload, number, retained);
        await UntilAsync(() => Bus.Acknowledged.Contains(number), $"no acknowledgement for {payload}");
    }

    public string[] DeadLetters() => Directory.Exists(DeadLetterFolder)
        ? [.. Directory.EnumerateFiles(DeadLetterFolder).Order(StringComparer.Ordinal).SelectMany(File.ReadAllLines)]
        : [];

    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        _stopped = true;
        await _host.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stopped)
        {
            Store.Release();
            await StopAsync();
        }

        await ((IAsyncDisposable)_host).DisposeAsync();
        if (!_keepsFolder)
            Directory.Delete(_folder, recursive: true);
    }

    private long _lastNumber = 1_000_000;
}

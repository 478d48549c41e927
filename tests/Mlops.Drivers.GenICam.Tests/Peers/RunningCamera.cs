using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Drivers.GenICam.Aravis;
using Mlops.Drivers.GenICam.Cameras;
using Mlops.Drivers.GenICam.Driver;
using Mlops.Store;

namespace Mlops.Drivers.GenICam.Tests.Peers;

/// <summary>A driver that runs, its sink and its blobs.</summary>
internal sealed class RunningCamera : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly GenICamInstruments _instruments = new();
    private readonly ServiceProvider _services;
    private readonly GenICamDriver _driver;

    private RunningCamera(GenICamSettings settings, Action<IServiceCollection>? host, ICameraProvider provider)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IBlobStore>(Blobs);
        host?.Invoke(services);
        _services = services.BuildServiceProvider();
        _driver = (GenICamDriver)new GenICamDriverFactory([provider], _instruments, _services, TimeProvider.System).Create("camera", settings);
        Run = Task.Run(() => _driver.RunAsync(Sink, _stop.Token));
    }

    public MemoryBlobs Blobs { get; } = new();

    public KeepingSink Sink { get; } = new("camera");

    public Task Run { get; }

    public FrameCounters Counters => _driver.Counters;

    public IBrowsableDriver Browser => _driver;

    public IWritableDriver Writer => _driver;

    public IPreviewableDriver Previewer => _driver;

    public string States => string.Join('\n', Sink.States.Select(s => $"{s.State} {s.Reason}"));

    /// <summary>Starts a driver.</summary>
    /// <param name="settings">Its settings.</param>
    /// <param name="host">Adds what the host has beside blobs.</param>
    /// <param name="hasSimulation">Whether there is Aravis' simulated camera.</param>
    /// <param name="watch">Puts something between the driver and Aravis.</param>
    public static RunningCamera Start(GenICamSettings settings, Action<IServiceCollection>? host = null, bool hasSimulation = false, Func<ICameraProvider, ICameraProvider>? watch = null)
    {
        var aravis = new AravisProvider(new GenICamOptions { SimulatedCamera = hasSimulation });
        return new RunningCamera(settings, host, watch is null ? aravis : watch(aravis));
    }

    /// <summary>Creates a driver that is not run.</summary>
    public static IHighLevelDriver Create(GenICamSettings settings, bool hasBlobs)
    {
        var services = new ServiceCollection();
        if (hasBlobs)
            services.AddSingleton<IBlobStore>(new MemoryBlobs());
        using ServiceProvider provider = services.BuildServiceProvider();
        using var instruments = new GenICamInstruments();
        return new GenICamDriverFactory([new AravisProvider(new GenICamOptions())], instruments, provider, TimeProvider.System).Create("camera", settings);
    }

    public Task UntilAsync(Func<KeepingSink, bool> condition, [CallerArgumentExpression(nameof(condition))] string? what = null) =>
        Eventually.True(() => condition(Sink) || (Run.IsCompleted ? throw new ShouldAssertException($"The driver has ended before: {what}. {Run.Exception}\n{States}") : false), () => States, what);

    /// <summary>Stops the driver and waits until it has ended.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Eventually.Within(Run.ContinueWith(static _ => { }, TaskScheduler.Default));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _driver.DisposeAsync();
        await _services.DisposeAsync();
        _instruments.Dispose();
        _stop.Dispose();
    }
}

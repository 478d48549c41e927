using Microsoft.Extensions.DependencyInjection;
using Mlops.Drivers.GenICam.Aravis;
using Mlops.Drivers.GenICam.Driver;
using Mlops.Store;

namespace Mlops.Drivers.GenICam.Tests.Peers;

/// <summary>A driver that runs, its sink and its blobs.</summary>
internal sealed class RunningCamera : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly GenICamInstruments _instruments = new();
    private readonly ServiceProvider _services;
    private readonly IHighLevelDriver _driver;

    private RunningCamera(GenICamSettings settings)
    {
        _services = new ServiceCollection().AddSingleton<IBlobStore>(Blobs).BuildServiceProvider();
        var factory = new GenICamDriverFactory([new AravisProvider(new GenICamOptions())], _instruments, _services, TimeProvider.System);
        _driver = factory.Create("camera", settings);
        Run = Task.Run(() => _driver.RunAsync(Sink, _stop.Token));
    }

    public MemoryBlobs Blobs { get; } = new();

    public KeepingSink Sink { get; } = new("camera");

    public Task Run { get; }

    public IBrowsableDriver Browser => (IBrowsableDriver)_driver;

    public IWritableDriver Writer => (IWritableDriver)_driver;

    public IPreviewableDriver Previewer => (IPreviewableDriver)_driver;

    public string States => string.Join('\n', Sink.States.Select(s => $"{s.State} {s.Reason}"));

    public static RunningCamera Start(GenICamSettings settings) => new(settings);

    public Task UntilAsync(Func<KeepingSink, bool> condition, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(condition))] string? what = null) =>
        Eventually.True(() => condition(Sink), () => $"{Run.Status} {Run.Exception?.GetBaseException().Message}\n{States}", what);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Eventually.Within(Run.ContinueWith(static _ => { }, TaskScheduler.Default));
        await _driver.DisposeAsync();
        await _services.DisposeAsync();
        _instruments.Dispose();
        _stop.Dispose();
    }
}

using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Drivers.OpcUa.Channels;
using Mlops.Drivers.OpcUa.Discovery;
using Mlops.Drivers.OpcUa.Driver;
using Mlops.Drivers.OpcUa.Security;

namespace Mlops.Drivers.OpcUa.Tests.Peers;

/// <summary>A driver that runs, and its sink.</summary>
internal sealed class RunningDriver : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TemporaryFolder _folder = new();
    private readonly IHighLevelDriver _driver;
    private readonly Task _run;
    private readonly MeterListener _listener = new();
    private long _received;

    private RunningDriver(OpcUaSettings settings, string? certificates, IOpcUaChannelFactory? channels)
    {
        Store = new CertificateStore(new OpcUaOptions(), certificates ?? _folder.Path, TimeProvider.System);
        _driver = new OpcUaDriverFactory(new OpcUaServices(Store, Instruments, TimeProvider.System, NullLogger.Instance, Channels: channels), new OpcUaDiscovery(TimeProvider.System)).Create("press", settings);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument, Instruments.Values))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref _received, count));
        _listener.Start();
        _run = Task.Run(() => _driver.RunAsync(Sink, _stop.Token));
    }

    public CertificateStore Store { get; }

    public KeepingSink Sink { get; } = new("press");

    public IBrowsableDriver Browser => (IBrowsableDriver)_driver;

    public IWritableDriver Writer => (IWritableDriver)_driver;

    public string States => string.Join('\n', Sink.States.Select(s => $"{s.State} {s.Reason}"));

    public ICallableDriver Caller => (ICallableDriver)_driver;

    public OpcUaInstruments Instruments { get; } = new();

    /// <summary>Gets how many values the server has reported.</summary>
    public long Received => Interlocked.Read(ref _received);

    public static RunningDriver Start(OpcUaSettings settings, string? certificates = null, IOpcUaChannelFactory? channels = null) => new(settings, certificates, channels);

    public bool TryReconfigure(OpcUaSettings settings) => ((IReconfigurableDriver)_driver).TryReconfigure(settings);

    public Task UntilAsync(Func<KeepingSink, bool> condition, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(condition))] string? what = null) =>
        Eventually.True(() => condition(Sink), () => States, what);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(Eventually.Within(_run));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Eventually.Within(_run.ContinueWith(static _ => { }, TaskScheduler.Default));
        await _driver.DisposeAsync();
        Store.Dispose();
        _listener.Dispose();
        Instruments.Dispose();
        _stop.Dispose();
        _folder.Dispose();
    }
}

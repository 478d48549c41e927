using Mlops.Data;
using Mlops.Drivers.GenICam.Cameras;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>Takes frames from a camera: each makes a record. Its features can be browsed and written, its newest frame seen.</summary>
internal sealed class GenICamDriver : IHighLevelDriver, IBrowsableDriver, IWritableDriver, IPreviewableDriver
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);

    private readonly string _asset;
    private readonly GenICamSettings _settings;
    private readonly ICameraProvider[] _providers;
    private readonly DriverNeighbours _host;
    private readonly GenICamInstruments _instruments;
    private readonly TimeProvider _time;
    private readonly FrameCounters _counters;
    private readonly FramePreview _preview;
    private volatile ICamera? _camera;
    private bool _hasRun;

    public GenICamDriver(string asset, GenICamSettings settings, ICameraProvider[] providers, DriverNeighbours host, GenICamInstruments instruments, TimeProvider time)
    {
        (_asset, _settings, _providers, _host, _instruments, _time) = (asset, settings, providers, host, instruments, time);
        _counters = new FrameCounters(asset);
        _preview = new FramePreview(settings.PreviewSize, settings.PreviewInterval, time);
        instruments.Add(_counters);
    }

    /// <summary>Gets what happened to frames since it was created.</summary>
    public FrameCounters Counters => _counters;

    public async Task RunAsync(IRecordSink sink, CancellationToken stop)
    {
        TimeSpan retry = FirstRetry;
        while (true)
        {
            sink.Report(DriverState.Connecting, $"Opening the camera '{_settings.Camera}'.");
            try
            {
                // Opening blocks for seconds where nothing answers.
                using ICamera camera = await Task.Factory.StartNew(Open, stop, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
                _camera = camera;
                await RunAsync(camera, sink, () => retry = FirstRetry, stop).ConfigureAwait(false);
            }
            catch (CameraException error) when (error.IsWrongSetting && !_hasRun)
            {
                throw new DriverConfigurationException($"Asset '{_asset}': {error.Message}", error);
            }
            catch (CameraException error)
            {
                sink.Report(DriverState.Faulted, $"{error.Message} Trying again in {retry.TotalSeconds:0.#} s.");
            }
            finally
            {
                _camera = null;
                _preview.Release();
            }

            await Task.Delay(retry, _time, stop).ConfigureAwait(false);
            retry = retry * 2 < _settings.LongestRetry ? retry * 2 : _settings.LongestRetry;
        }
    }

    public ValueTask<IReadOnlyList<BrowseItem>> BrowseAsync(string? parent, CancellationToken cancellationToken)
    {
        ICamera camera = Connected();
        return new(Task.Run<IReadOnlyList<BrowseItem>>(() => [.. camera.List(parent).Select(FeatureItems.Of)], cancellationToken));
    }

    public ValueTask<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<AssetValue> values, CancellationToken cancellationToken)
    {
        ICamera camera = Connected();
        return new(Task.Run<IReadOnlyList<WriteOutcome>>(() => [.. values.Select(v => Write(camera, v))], cancellationToken));
    }

    public ValueTask<PreviewFrame?> PreviewAsync(CancellationToken cancellationToken) => new(Task.Run(_preview.Show, cancellationToken));

    public ValueTask DisposeAsync()
    {
        _instruments.Remove(_counters);
        _preview.Dispose();
        return ValueTask.CompletedTask;
    }

    private static WriteOutcome Write(ICamera camera, AssetValue value)
    {
        try
        {
            camera.Write(value.Id, value.Value ?? "");
            return new WriteOutcome(value.Id);
        }
        catch (CameraException error)
        {
            return new WriteOutcome(value.Id, error.Message);
        }
    }

    private ICamera Connected() => _camera is { IsLost: false } camera ? camera : throw new IOException($"Asset '{_asset}' has no connection to the camera '{_settings.Camera}' now.");

    private ICamera Open()
    {
        ICamera camera = Find();
        try
        {
            CameraSetup.Apply(camera, _settings);
            return camera;
        }
        catch
        {
            camera.Dispose();
            throw;
        }
    }

    private ICamera Find()
    {
        var refusals = new List<CameraException>();
        foreach (ICameraProvider provider in _providers)
        {
            try
            {
                return provider.Open(_settings.Camera);
            }
            catch (CameraException error)
            {
                refusals.Add(error);
            }
        }

        // Another search helps as soon as it may help one of them.
        throw refusals.Count == 1 ? refusals[0] : new CameraException(string.Join(' ', refusals.Select(r => r.Message))) { IsWrongSetting = refusals.TrueForAll(r => r.IsWrongSetting) };
    }

    private async Task RunAsync(ICamera camera, IRecordSink sink, Action connected, CancellationToken stop)
    {
        var fields = new FrameFields(_settings.Chunks);
        FeedSchema schema = await sink.DeclareAsync(FrameFields.Feed, fields.All, stop).ConfigureAwait(false);
        using var storage = new FrameStorage(_settings.Storage, _host.Blobs, _counters);
        using var recent = new RecentFrames(schema.Feed, _settings.Recent, _host.Pictures);
        using AskedFrames? asked = _settings.Storage is { Frames: StoredFrames.Asked, Asked: { } wanted }
            ? new AskedFrames(wanted, _host.Store!, storage, schema.Feed, await sink.DeclareAsync(FrameFields.KeptFeed, FrameFields.Kept, stop).ConfigureAwait(false), sink, new WantedFrames(_settings.Buffers / 2, _counters), _counters)
            : null;
        using var recorder = new FrameRecorder(fields, schema, storage, _preview, recent, asked, _counters, sink, _settings, _time);
        using FrameTrigger? trigger = _settings.Trigger is { Source: GenICamTriggerSettings.Software } software ? new FrameTrigger(software, _host.Bus, _host.Store) : null;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        connected();
        _hasRun = true;
        Task taking = new CameraRun(_asset, _settings, camera, recorder, storage, _counters, sink, _time).RunAsync(ended.Token);
        List<Task> tasks = [taking, recorder.RunAsync(ended.Token)];
        if (asked is not null)
            tasks.Add(asked.RunAsync(ended.Token));
        if (trigger is not null)
            tasks.Add(trigger.RunAsync(camera, ended.Token));
        Task first = await Task.WhenAny(tasks).ConfigureAwait(false);

        // A lost camera's last frames are still recorded; whatever else ended, ends all.
        if (first != taking || taking.IsCompletedSuccessfully)
            await ended.CancelAsync().ConfigureAwait(false);
        else
            await tasks[1].WaitAsync(TimeSpan.FromSeconds(1), _time, CancellationToken.None).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(tasks).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
        stop.ThrowIfCancellationRequested();
        await first.ConfigureAwait(false);
        await taking.ConfigureAwait(false);
    }
}

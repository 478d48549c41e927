using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Drivers.GenICam.Cameras;
using Mlops.Drivers.GenICam.Encoding;
using Mlops.Messaging;
using Mlops.Pictures;
using Mlops.Store;

namespace Mlops.Drivers.GenICam.Driver;

/// <summary>Creates drivers of the kind <c>genicam</c>, and finds cameras for them.</summary>
internal sealed class GenICamDriverFactory(IEnumerable<ICameraProvider> providers, GenICamInstruments instruments, IServiceProvider services, TimeProvider time) : IHighLevelDriverFactory, IDiscoveringDriverFactory
{
    private readonly ICameraProvider[] _providers = [.. providers];

    public string Kind => "genicam";

    public Type SettingsType => typeof(GenICamSettings);

    /// <param name="address">The address of a camera, or a part of its id, maker, model or serial number; <see langword="null"/> for all that answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<IReadOnlyList<DiscoveredAsset>> DiscoverAsync(string? address, CancellationToken cancellationToken)
    {
        // Searching blocks for seconds.
        List<CameraInfo> found = await Task.Run(Search, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        return [.. found.Where(c => address is null || Texts(c).Any(t => t.Contains(address, StringComparison.OrdinalIgnoreCase))).Select(Describe)];
    }

    public IHighLevelDriver Create(string asset, object settings)
    {
        var own = (GenICamSettings)settings;
        var findings = new List<SettingFinding>();
        ICameraProvider[] chosen = [.. _providers.Where(p => own.Provider is null || p.Name == own.Provider)];
        if (chosen.Length == 0)
            findings.Add(new SettingFinding("provider", $"'{own.Provider}' is not registered. Known: {string.Join(", ", _providers.Select(p => p.Name))}."));

        // Looked for here, not injected: a host without a store or a bus can use the rest.
        var blobs = services.GetService<IBlobStore>();
        var store = services.GetService<IFeedStore>();
        var bus = services.GetService<IMessageBus>();
        if (own.Storage.Frames != StoredFrames.None && blobs is null)
            findings.Add(new SettingFinding("storage.frames", "this host has no store for blobs. Choose none."));
        if (own.Storage.Frames == StoredFrames.Asked && (own.Storage.Asked is null || store is null))
            findings.Add(new SettingFinding("storage.asked", "is missing. Say what a prediction must say, for example {predictions: …, below: 0.7}."));
        if (own.Storage is { Frames: not StoredFrames.None, Encoding: FrameEncoding.Jpeg } && !JpegWriter.IsAvailable)
            findings.Add(new SettingFinding("storage.encoding", "jpeg needs the library TurboJPEG, which is not installed. On Debian and Ubuntu: apt-get install libturbojpeg0. Or choose png."));
        if (own.Trigger is { } trigger)
        {
            if (trigger.Source != GenICamTriggerSettings.Software && (trigger.Topic ?? trigger.Feed) is not null)
                findings.Add(new SettingFinding("trigger.source", $"'{trigger.Source}' is a line of the camera. Messages and records trigger with Software only."));
            if (trigger.Topic is not null && bus is null)
                findings.Add(new SettingFinding("trigger.topic", "this host has no message bus. Call AddMqttBroker() or configure Mlops:Mqtt."));
            if (trigger.Feed is not null && store is null)
                findings.Add(new SettingFinding("trigger.feed", "this host has no store."));
        }

        if (findings.Count > 0)
            throw new DriverConfigurationException($"Asset '{asset}': {string.Join(' ', findings.Select(f => $"{f.Setting}: {f.Message}"))}") { Findings = findings };
        return new GenICamDriver(asset, own, chosen, new DriverNeighbours(blobs, store, bus, services.GetService<IPictures>()), instruments, time);
    }

    // A provider that cannot work here does not hide what others find.
    private List<CameraInfo> Search()
    {
        var found = new List<CameraInfo>();
        CameraException? failure = null;
        foreach (ICameraProvider provider in _providers)
        {
            try
            {
                found.AddRange(provider.Discover());
            }
            catch (CameraException error)
            {
                failure ??= error;
            }
        }

        return found.Count > 0 || failure is null ? found : throw failure;
    }

    private static DiscoveredAsset Describe(CameraInfo camera) => new(
        camera.Id, new JsonObject { ["camera"] = camera.Id }, string.Join(", ", Texts(camera).Skip(1).Append(camera.Protocol).Where(t => !string.IsNullOrEmpty(t))));

    private static IEnumerable<string> Texts(CameraInfo camera) => new[] { camera.Id, camera.Vendor, camera.Model, camera.SerialNumber, camera.Address }.OfType<string>();
}

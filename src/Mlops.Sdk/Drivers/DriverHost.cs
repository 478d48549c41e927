using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Drivers.Catalog;
using Mlops.Drivers.Mirroring;
using Mlops.Ingest;

namespace Mlops.Drivers;

/// <summary>Runs a driver for each asset, each on its own: one that fails never stops another.</summary>
internal sealed class DriverHost(
    DriverKinds kinds,
    FeedWriter writer,
    AssetRows rows,
    MirrorPublisher mirroring,
    IOptions<DriversOptions> options,
    TimeProvider time,
    ILogger<DriverHost> logger) : IAssets, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Place> _assets = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<string> Kinds => kinds.Names;

    public IReadOnlyList<AssetInfo> List()
    {
        lock (_lock)
            return [.. _assets.Values.Select(a => a.Status.Info)];
    }

    public AssetInfo? Find(string id) => Get(id)?.Status.Info;

    public IReadOnlyList<AssetStateEntry> History(string id) => Get(id)?.Status.History ?? [];

    /// <summary>Returns the driver of an asset that runs now.</summary>
    public (AssetInfo? Asset, IHighLevelDriver? Driver) Running(string id)
    {
        Place? place = Get(id);
        return (place?.Status.Info, place?.Supervisor?.Driver);
    }

    /// <summary>Starts an asset.</summary>
    public void Start(string id, IHighLevelDriverFactory factory, object settings, MirrorMode mirror = MirrorMode.Off)
    {
        var status = new AssetStatus(id, factory.Kind, options.Value.HistoryLength, time);
        FeedMirrors? mirrors = mirror == MirrorMode.Off ? null : mirroring.For(id, fromNow: mirror == MirrorMode.FromNow);
        var site = new AssetSite(id, factory.Kind, writer, rows, time, logger);
        var supervisor = new DriverSupervisor(site, factory, settings, status, mirrors, options.Value, time);
        lock (_lock)
        {
            if (_assets.ContainsKey(id))
                throw new InvalidOperationException($"Asset '{id}' runs already. Stop it first.");
            _assets.Add(id, new Place(status, supervisor, Task.Run(supervisor.RunAsync), mirrors, mirror != MirrorMode.Off));
        }
    }

    /// <summary>Lets the driver of an asset that runs take changed settings.</summary>
    /// <returns>Whether it has; the asset must be started anew if not.</returns>
    public async Task<bool> TryChangeAsync(string id, string kind, object settings, bool mirrored) =>
        Get(id) is { Supervisor: { } supervisor } place && place.Status.Info.Kind == kind && place.Mirrored == mirrored && await supervisor.TryChangeAsync(settings).ConfigureAwait(false);

    /// <summary>Lists an asset whose driver does not run, and says why.</summary>
    public void Show(string id, string kind, DriverState state, string reason)
    {
        var status = new AssetStatus(id, kind, options.Value.HistoryLength, time);
        new AssetSite(id, kind, writer, rows, time, logger).Report(status, state, reason);
        lock (_lock)
            _assets.Add(id, new Place(status, null, Task.CompletedTask, null, false));
    }

    /// <summary>Stops one asset and forgets it.</summary>
    /// <returns>False when there is no such asset.</returns>
    public async Task<bool> StopAsync(string id)
    {
        Place? place = Get(id);
        if (place is null)
            return false;
        await EndAsync(place).ConfigureAwait(false);
        lock (_lock)
            return _assets.Remove(id);
    }

    /// <summary>Asks all drivers to end and waits for them, or until the token fires.</summary>
    public async Task StopAllAsync(CancellationToken cancellationToken)
    {
        Place[] all;
        lock (_lock)
            all = [.. _assets.Values];
        await Task.WhenAll(all.Select(EndAsync)).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAllAsync(CancellationToken.None).ConfigureAwait(false);
        lock (_lock)
            _assets.Clear();
    }

    private Place? Get(string id)
    {
        lock (_lock)
            return _assets.GetValueOrDefault(id);
    }

    private static async Task EndAsync(Place place)
    {
        place.Supervisor?.Stop();
        await place.Task.ConfigureAwait(false);
        if (place.Mirrors is not null)
            await place.Mirrors.DisposeAsync().ConfigureAwait(false);
    }

    private sealed record Place(AssetStatus Status, DriverSupervisor? Supervisor, Task Task, FeedMirrors? Mirrors, bool Mirrored);
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Mlops.Ingest;

namespace Mlops.Drivers;

/// <summary>Runs a driver for each asset, each on its own: one that fails never stops another.</summary>
internal sealed class DriverHost(DriverKinds kinds, FeedWriter writer, TimeProvider time, ILogger<DriverHost> logger) : IAssets, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Running> _assets = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Kinds => kinds.Names;

    public IReadOnlyList<AssetInfo> List()
    {
        lock (_lock)
            return [.. _assets.Values.Select(a => a.Status.Info)];
    }

    /// <summary>Starts the assets of a section <c>{id: {kind, settings}}</c>.</summary>
    /// <exception cref="DriverConfigurationException">An asset's kind or settings are wrong; nothing is started. The message names all that is wrong.</exception>
    public void Start(IConfiguration assets)
    {
        var errors = new List<DriverConfigurationException>();
        var prepared = new List<(string Id, IHighLevelDriverFactory Factory, object Settings)>();
        foreach (IConfigurationSection section in assets.GetChildren())
        {
            try
            {
                string kind = section["kind"] ?? throw new DriverConfigurationException($"Asset '{section.Key}' has no kind. Set {section.Path}:kind to one of: {string.Join(", ", kinds.Names)}.");
                IHighLevelDriverFactory factory = kinds.Find(section.Key, kind);
                prepared.Add((section.Key, factory, AssetSettings.Bind(section.Key, section.GetSection("settings"), factory.SettingsType)));
            }
            catch (DriverConfigurationException e)
            {
                errors.Add(e);
            }
        }

        if (errors.Count > 0)
            throw new DriverConfigurationException(string.Join(" ", errors.Select(e => e.Message)), errors[0]);
        foreach ((string id, IHighLevelDriverFactory factory, object settings) in prepared)
            Start(id, factory, settings);
    }

    /// <summary>Starts one asset.</summary>
    public void Start(string id, IHighLevelDriverFactory factory, object settings)
    {
        var status = new AssetStatus(id, factory.Kind, time);
        var supervisor = new DriverSupervisor(id, factory, settings, new AssetSink(id, factory.Kind, writer, status, logger), time, logger);
        var stop = new CancellationTokenSource();
        lock (_lock)
        {
            if (_assets.ContainsKey(id))
                throw new InvalidOperationException($"Asset '{id}' runs already. Stop it first.");
            _assets.Add(id, new Running(status, Task.Run(() => supervisor.RunAsync(stop.Token)), stop));
        }
    }

    /// <summary>Stops one asset and forgets it.</summary>
    /// <returns>False when there is no such asset.</returns>
    public async Task<bool> StopAsync(string id)
    {
        Running? running;
        lock (_lock)
        {
            if (!_assets.Remove(id, out running))
                return false;
        }

        await EndAsync(running).ConfigureAwait(false);
        return true;
    }

    /// <summary>Asks all drivers to end and waits for them, or until the token fires.</summary>
    public async Task StopAllAsync(CancellationToken cancellationToken)
    {
        Running[] all;
        lock (_lock)
            all = [.. _assets.Values];
        await Task.WhenAll(all.Select(EndAsync)).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAllAsync(CancellationToken.None).ConfigureAwait(false);
        lock (_lock)
        {
            foreach (Running running in _assets.Values)
                running.Stop.Dispose();
            _assets.Clear();
        }
    }

    private static async Task EndAsync(Running running)
    {
        await running.Stop.CancelAsync().ConfigureAwait(false);
        await running.Task.ConfigureAwait(false);
    }

    private sealed record Running(AssetStatus Status, Task Task, CancellationTokenSource Stop);
}

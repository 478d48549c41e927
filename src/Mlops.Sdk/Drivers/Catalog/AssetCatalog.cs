using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Drivers.Mirroring;
using Mlops.Drivers.Settings;
using Mlops.Hosting;

namespace Mlops.Drivers.Catalog;

/// <summary>The configured assets: keeps them, and lets the host run what they say. One change at a time.</summary>
internal sealed partial class AssetCatalog(
    AssetRows rows,
    NodeKey key,
    DriverKinds kinds,
    DriverHost host,
    IOptions<DriversOptions> options,
    TimeProvider time,
    ILogger<AssetCatalog> logger,
    MlopsSection? section = null) : IAssetCatalog, IDisposable
{
    private readonly SemaphoreSlim _changing = new(1, 1);

    public IReadOnlyList<DriverDescription> Drivers => kinds.Describe();

    /// <summary>Takes over what the configuration has brought, and starts all assets.</summary>
    /// <exception cref="DriverConfigurationException">A new asset of the configuration is wrong; nothing was started. The message names all that is wrong.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await SeedAsync(cancellationToken).ConfigureAwait(false);
        foreach (AssetRow row in rows.List())
            Start(row);
    }

    public IReadOnlyList<AssetDefinition> List(bool withSecrets = false) => [.. rows.List().Select(r => Define(r, withSecrets))];

    public AssetDefinition? Find(string id, bool withSecrets = false) => rows.Find(id) is { } row ? Define(row, withSecrets) : null;

    public async Task<AssetDefinition> PutAsync(string id, AssetChange change, long? ifVersion = null, CancellationToken cancellationToken = default)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            AssetRow? now = rows.Find(id);
            (AssetRow row, object settings) = Prepare(now?.Id ?? id, change, now, $"the settings of asset '{id}'");
            AssetRow saved = await rows.SaveAsync(row, ifVersion, cancellationToken).ConfigureAwait(false);
            if (!saved.Enabled || !await host.TryChangeAsync(saved.Id, saved.Kind, settings, saved.Mirror).ConfigureAwait(false))
            {
                await host.StopAsync(saved.Id).ConfigureAwait(false);
                Start(saved, mirrorFromNow: now is not { Mirror: true });
            }

            return Define(saved, withSecrets: false);
        }
        finally
        {
            _changing.Release();
        }
    }

    public async Task<AssetDefinition?> SetEnabledAsync(string id, bool enabled, long? ifVersion = null, CancellationToken cancellationToken = default)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (rows.Find(id) is not { } now)
                return null;
            AssetRow saved = await rows.SaveAsync(now with { Enabled = enabled }, ifVersion, cancellationToken).ConfigureAwait(false);
            if (now.Enabled != enabled)
            {
                await host.StopAsync(saved.Id).ConfigureAwait(false);
                Start(saved);
            }

            return Define(saved, withSecrets: false);
        }
        finally
        {
            _changing.Release();
        }
    }

    public async Task<bool> RemoveAsync(string id, long? ifVersion = null, CancellationToken cancellationToken = default)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (rows.Find(id) is not { } now)
                return false;
            if (ifVersion is { } wanted && wanted != now.Version)
                throw new AssetConflictException(now.Id, now.Version, wanted);

            // First it ends: what it still remembers on its way out goes with it.
            await host.StopAsync(now.Id).ConfigureAwait(false);
            return await rows.RemoveAsync(now.Id, now.Version, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    public async Task<ConnectionTest> TestAsync(string id, AssetChange change, CancellationToken cancellationToken = default)
    {
        (AssetRow row, object settings) = Prepare(id, change, rows.Find(id), "the settings to test");
        return await new ConnectionTrial(row.Id, kinds.Get(id, row.Kind), settings, options.Value, time).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Checks what an asset shall be.</summary>
    /// <returns>Its settings in the one spelling of their class, secrets in plain.</returns>
    /// <exception cref="DriverConfigurationException">Something is wrong.</exception>
    public JsonObject Spell(string id, AssetChange change) => Reveal(Prepare(id, change, rows.Find(id), $"the settings of asset '{id}'").Row);

    public void Dispose() => _changing.Dispose();

    private async Task SeedAsync(CancellationToken cancellationToken)
    {
        if (section is null)
            return;
        List<IConfigurationSection> assets = [.. section.Configuration.GetSection("Assets").GetChildren()];
        HashSet<string> unseeded = [.. rows.Unseeded(assets.Select(a => a.Key))];
        var errors = new List<DriverConfigurationException>();
        var seeds = new List<AssetRow>();
        foreach (IConfigurationSection asset in assets.Where(a => unseeded.Contains(a.Key)))
        {
            try
            {
                string kind = asset["kind"] ?? throw new DriverConfigurationException($"Asset '{asset.Key}' has no kind. Set {asset.Path}:kind to one of: {string.Join(", ", kinds.Names)}.");
                var change = new AssetChange(kind, ConfigurationTree.Read(asset.GetSection("settings"))) { Enabled = Flag(asset, "enabled"), Mirror = Flag(asset, "mirror") };
                foreach (IConfigurationSection other in asset.GetChildren().Where(c => !Keys.Contains(c.Key)))
                    throw new DriverConfigurationException($"Asset '{asset.Key}': '{other.Path}' is not known. Known: {string.Join(", ", Keys)}; what belongs to the driver stands below settings.");
                seeds.Add(Prepare(asset.Key, change, null, $"{asset.Path}:settings").Row);
            }
            catch (DriverConfigurationException e)
            {
                errors.Add(e);
            }
        }

        if (errors.Count > 0)
            throw new DriverConfigurationException(string.Join(" ", errors.Select(e => e.Message)), errors[0]) { Findings = [.. errors.SelectMany(e => e.Findings)] };
        if (seeds.Count == 0)
            return;
        List<AssetRow> added = await rows.SeedAsync(seeds, cancellationToken).ConfigureAwait(false);
        if (added.Count > 0)
            Log.Seeded(logger, added.Count, string.Join(", ", added.Select(a => a.Id)));
    }

    private static readonly HashSet<string> Keys = new(["kind", "enabled", "mirror", "settings"], StringComparer.OrdinalIgnoreCase);

    private static bool? Flag(IConfigurationSection asset, string name) => asset[name] switch
    {
        null => null,
        { } text when bool.TryParse(text, out bool flag) => flag,
        { } text => throw new DriverConfigurationException($"Asset '{asset.Key}': {asset.Path}:{name} is '{text}'. Set it to true or false."),
    };

    private (AssetRow Row, object Settings) Prepare(string id, AssetChange change, AssetRow? now, string remedy)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (!ValidId().IsMatch(id))
            throw new DriverConfigurationException($"'{id}' cannot be the id of an asset. Use letters, digits, '.', '_', '-' and blanks inside, up to 100 characters.");
        IHighLevelDriverFactory factory = kinds.Get(id, change.Kind);
        JsonObject? kept = now is not null && now.Kind == factory.Kind && SecretsHiddenIn(change.Settings) ? Reveal(now) : null;
        var missing = new List<string>();
        JsonObject whole = SecretSettings.Restore(change.Settings, factory.SettingsType, kept, missing);
        if (missing.Count > 0)
        {
            throw new DriverConfigurationException($"Asset '{id}': there is no secret to keep for '{string.Join("', '", missing)}'. Give it in plain, in {remedy}.")
            {
                Findings = [.. missing.Select(m => new SettingFinding(m.Replace('/', '.'), "There is no secret to keep. Give it in plain."))],
            };
        }

        BoundSettings bound = SettingsReader.Read(id, whole, factory.SettingsType, remedy);
        JsonObject settings = SecretSettings.Protect(bound.Spelled, factory.SettingsType, (path, text) => key.Protect(Purpose(id, path), text));
        return (new AssetRow(id, factory.Kind, change.Enabled ?? now?.Enabled ?? true, change.Mirror ?? now?.Mirror ?? false, settings, 0, default), bound.Instance);
    }

    private static bool SecretsHiddenIn(JsonNode settings) => settings.ToJsonString().Contains(SecretSettings.Hidden, StringComparison.Ordinal);

    private void Start(AssetRow row, bool mirrorFromNow = false)
    {
        if (!row.Enabled)
        {
            host.Show(row.Id, row.Kind, DriverState.Stopped, "The asset is disabled.");
            return;
        }

        try
        {
            IHighLevelDriverFactory factory = kinds.Get(row.Id, row.Kind);
            object settings = SettingsReader.Read(row.Id, Reveal(row), factory.SettingsType, $"the settings of asset '{row.Id}'").Instance;
            host.Start(row.Id, factory, settings, !row.Mirror ? MirrorMode.Off : mirrorFromNow ? MirrorMode.FromNow : MirrorMode.Resume);
        }
        catch (DriverConfigurationException e)
        {
            // A bad asset harms only itself; it is shown, and can be mended while the others run.
            host.Show(row.Id, row.Kind, DriverState.Faulted, e.Message);
        }
    }

    private AssetDefinition Define(AssetRow row, bool withSecrets) => row.ToDefinition(withSecrets ? Reveal(row) : SecretSettings.Hide(row.Settings));

    private JsonObject Reveal(AssetRow row)
    {
        try
        {
            return SecretSettings.Reveal(row.Settings, (path, kept) => key.Reveal(Purpose(row.Id, path), kept));
        }
        catch (CryptographicException)
        {
            throw new DriverConfigurationException($"Asset '{row.Id}': its secrets were protected with another key than '{key.Path}'. Restore that key from a backup, or set the asset's secrets again.");
        }
    }

    private static string Purpose(string id, string path) => $"asset:{id.ToUpperInvariant()}{path}";

    [GeneratedRegex(@"^[\p{L}\p{Nd}._-]([\p{L}\p{Nd}._ -]{0,98}[\p{L}\p{Nd}._-])?$")]
    private static partial Regex ValidId();
}

using System.Text.Json.Nodes;
using Mlops.Hosting;

namespace Mlops.Drivers.Catalog;

/// <summary>The assets in the node's configuration file: <c>{id: {kind, enabled, mirror, settings}}</c>.</summary>
internal sealed class AssetsPart(AssetCatalog catalog) : INodeConfigurationPart
{
    private static readonly HashSet<string> Keys = new(["kind", "enabled", "mirror", "settings"], StringComparer.Ordinal);

    public string Name => "assets";

    public JsonNode Export(bool withSecrets)
    {
        var assets = new JsonObject();
        foreach (AssetDefinition asset in catalog.List(withSecrets))
            assets[asset.Id] = new JsonObject { ["kind"] = asset.Kind, ["enabled"] = asset.Enabled, ["mirror"] = asset.Mirror, ["settings"] = asset.Settings };
        return assets;
    }

    public IReadOnlyList<string> Check(JsonNode content)
    {
        var errors = new List<string>();
        Read(content, errors);
        return errors;
    }

    public async Task<int> ImportAsync(JsonNode content, ImportMode mode, CancellationToken cancellationToken = default)
    {
        int changed = 0;
        var errors = new List<string>();
        Dictionary<string, AssetChange> assets = Read(content, errors);
        if (errors.Count > 0)
            throw new NodeConfigurationException(errors);
        if (mode == ImportMode.Replace)
        {
            foreach (AssetDefinition other in catalog.List().Where(a => !assets.ContainsKey(a.Id)))
                changed += await catalog.RemoveAsync(other.Id, null, cancellationToken).ConfigureAwait(false) ? 1 : 0;
        }

        foreach ((string id, AssetChange change) in assets)
        {
            if (IsAsItIs(id, change))
                continue;
            await catalog.PutAsync(id, change, null, cancellationToken).ConfigureAwait(false);
            changed++;
        }

        return changed;
    }

    // What stays as it is keeps running.
    private bool IsAsItIs(string id, AssetChange change) =>
        catalog.Find(id, withSecrets: true) is { } now && now.Kind.Equals(change.Kind, StringComparison.OrdinalIgnoreCase) && now.Enabled == (change.Enabled ?? now.Enabled)
            && now.Mirror == (change.Mirror ?? now.Mirror) && JsonNode.DeepEquals(now.Settings, catalog.Spell(id, change));

    private Dictionary<string, AssetChange> Read(JsonNode content, List<string> errors)
    {
        var assets = new Dictionary<string, AssetChange>(StringComparer.OrdinalIgnoreCase);
        if (content is not JsonObject entries)
        {
            errors.Add("assets: this is not a group of assets by id. Write 'assets: {id: {kind: …, settings: {…}}}'.");
            return assets;
        }

        foreach ((string id, JsonNode? value) in entries)
        {
            try
            {
                if (!assets.TryAdd(id, ReadAsset(id, value)))
                    throw new DriverConfigurationException($"Asset '{id}' is there twice; ids are compared without regard to case. Keep one of them.");
                catalog.Spell(id, assets[id]);
            }
            catch (DriverConfigurationException e)
            {
                errors.Add(e.Message);
            }
        }

        return assets;
    }

    private static AssetChange ReadAsset(string id, JsonNode? value)
    {
        if (value is not JsonObject asset || asset["kind"] is not JsonValue kindValue || !kindValue.TryGetValue(out string? kind))
            throw new DriverConfigurationException($"Asset '{id}' has no kind. Write {{kind: …, settings: {{…}}}}.");
        if (asset.FirstOrDefault(e => !Keys.Contains(e.Key)) is { Key: { } unknown })
            throw new DriverConfigurationException($"Asset '{id}': '{unknown}' is not known. Known: {string.Join(", ", Keys)}; what belongs to the driver stands below settings.");
        if (asset["settings"] is not (null or JsonObject))
            throw new DriverConfigurationException($"Asset '{id}': its settings are not a group. Write settings: {{name: value}}.");
        return new AssetChange(kind, asset["settings"] as JsonObject ?? []) { Enabled = Flag(id, asset, "enabled"), Mirror = Flag(id, asset, "mirror") };
    }

    private static bool? Flag(string id, JsonObject asset, string name) => asset[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out bool flag) => flag,
        { } other => throw new DriverConfigurationException($"Asset '{id}': {name} is {other.ToJsonString()}. Set it to true or false."),
    };
}

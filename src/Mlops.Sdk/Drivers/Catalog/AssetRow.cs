using System.Text.Json.Nodes;

namespace Mlops.Drivers.Catalog;

/// <summary>An asset as the database keeps it: its secrets are protected.</summary>
internal sealed record AssetRow(string Id, string Kind, bool Enabled, bool Mirror, JsonObject Settings, long Version, DateTimeOffset Changed)
{
    public AssetDefinition ToDefinition(JsonObject settings) =>
        new() { Id = Id, Kind = Kind, Enabled = Enabled, Mirror = Mirror, Settings = settings, Version = Version, Changed = Changed };
}

using System.Text.Json.Nodes;

namespace Mlops.Drivers;

/// <summary>What an asset shall be.</summary>
/// <param name="Kind">Kind of its driver.</param>
/// <param name="Settings">Its settings, names in any case. A secret given as <c>********</c> stays as it is.</param>
public sealed record AssetChange(string Kind, JsonObject Settings)
{
    /// <summary>Gets a value indicating whether its driver runs.</summary>
    /// <value><see langword="null"/> leaves it as it is; a new asset runs.</value>
    public bool? Enabled { get; init; }

    /// <summary>Gets a value indicating whether its feeds are published on MQTT as well, in the format of the Common Databus.</summary>
    /// <value><see langword="null"/> leaves it as it is; a new asset is not mirrored.</value>
    public bool? Mirror { get; init; }
}

using System.Text.Json.Nodes;

namespace Mlops.Client;

/// <summary>What an asset shall be.</summary>
/// <param name="Kind">The kind of its driver.</param>
/// <param name="Settings">The driver's settings; a secret that reads <c>********</c> stays as it is.</param>
/// <param name="Enabled">Whether its driver runs; unchanged where nothing is said, a new asset runs.</param>
/// <param name="Mirror">Whether its feeds are published on MQTT as well.</param>
public sealed record AssetBody(string Kind, JsonObject Settings, bool? Enabled = null, bool? Mirror = null);

using System.Text.Json.Nodes;

namespace Mlops.Client;

/// <summary>Values to be written to an asset.</summary>
/// <param name="Values">The values by the ids of their items.</param>
public sealed record AssetValues(JsonObject Values);

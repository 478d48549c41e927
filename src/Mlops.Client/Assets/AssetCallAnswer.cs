using System.Text.Json.Nodes;

namespace Mlops.Client;

/// <summary>What a method of an asset has returned.</summary>
/// <param name="Results">Its results in their order; empty when it returns nothing.</param>
public sealed record AssetCallAnswer(JsonArray Results);

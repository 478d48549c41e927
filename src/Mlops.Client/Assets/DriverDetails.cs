using System.Text.Json.Nodes;

namespace Mlops.Client;

/// <summary>A kind of driver that a node has.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Settings">The JSON schema of its settings.</param>
public sealed record DriverDetails(string Kind, JsonObject Settings);

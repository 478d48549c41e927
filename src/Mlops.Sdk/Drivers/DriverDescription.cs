using System.Text.Json.Nodes;

namespace Mlops.Drivers;

/// <summary>A kind of driver that the host has registered.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Settings">JSON schema of its settings, with titles, descriptions, bounds and defaults; secrets are <c>"format": "password"</c>. The caller's own copy.</param>
public sealed record DriverDescription(string Kind, JsonObject Settings);

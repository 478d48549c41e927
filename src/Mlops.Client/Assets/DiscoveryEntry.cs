using System.Text.Json.Nodes;

namespace Mlops.Client;

/// <summary>An asset that was found, or one of the ways to reach it.</summary>
/// <param name="Name">What it calls itself.</param>
/// <param name="Settings">Settings of its driver to begin with.</param>
/// <param name="Description">What is to be known before one chooses it.</param>
public sealed record DiscoveryEntry(string Name, JsonObject Settings, string? Description = null);

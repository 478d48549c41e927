using System.Text.Json.Nodes;

namespace Mlops.Drivers;

/// <summary>An asset that was found, or one of the ways to reach it.</summary>
/// <param name="Name">What it calls itself.</param>
/// <param name="Settings">Settings of its driver to begin with; what only people know, for example a password, is left out.</param>
/// <param name="Description">What is to be known before one chooses it; <see langword="null"/> when there is nothing.</param>
public sealed record DiscoveredAsset(string Name, JsonObject Settings, string? Description = null);

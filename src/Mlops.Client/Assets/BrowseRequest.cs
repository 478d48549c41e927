namespace Mlops.Client;

/// <summary>Asks what can be read at an asset.</summary>
/// <param name="Parent">The item below which to look; <see langword="null"/> for the top.</param>
public sealed record BrowseRequest(string? Parent = null);

namespace Mlops.Client;

/// <summary>Asks which assets there are that drivers of a kind could connect.</summary>
/// <param name="Address">Where to look, as the kind's documentation says; <see langword="null"/> for where the kind looks by itself.</param>
public sealed record DiscoveryRequest(string? Address = null);

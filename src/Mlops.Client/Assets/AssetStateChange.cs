namespace Mlops.Client;

/// <summary>A state that an asset was in.</summary>
/// <param name="Time">Since when.</param>
/// <param name="State">The state.</param>
/// <param name="Reason">What its driver said.</param>
public sealed record AssetStateChange(DateTimeOffset Time, string State, string? Reason = null);

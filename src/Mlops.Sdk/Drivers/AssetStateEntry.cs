namespace Mlops.Drivers;

/// <summary>A state that an asset was in.</summary>
/// <param name="Time">Since when.</param>
/// <param name="State">The state.</param>
/// <param name="Reason">Why, and what helps; <see langword="null"/> when there is nothing to say.</param>
public sealed record AssetStateEntry(DateTimeOffset Time, DriverState State, string? Reason);

namespace Mlops.Drivers;

/// <summary>An asset and how well its driver reaches it.</summary>
/// <param name="Id">Id of the asset.</param>
/// <param name="Kind">Kind of its driver.</param>
/// <param name="State">The state.</param>
/// <param name="Reason">Why, and what helps; <see langword="null"/> when there is nothing to say.</param>
/// <param name="Since">Since when it is in this state.</param>
/// <param name="Feeds">Ids of the feeds that its driver has declared.</param>
public sealed record AssetInfo(string Id, string Kind, DriverState State, string? Reason, DateTimeOffset Since, IReadOnlyList<string> Feeds);

namespace Mlops.Drivers;

/// <summary>A value for an asset.</summary>
/// <param name="Id">What it is for, as <see cref="BrowseItem.Id"/> or the driver's settings name it.</param>
/// <param name="Value">bool, long, ulong, double, string or <see cref="DateTimeOffset"/>; <see langword="null"/> where the asset knows no value.</param>
public sealed record AssetValue(string Id, object? Value);

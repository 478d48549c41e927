namespace Mlops.Client;

/// <summary>What has become of a value that was to be written.</summary>
/// <param name="Id">Id of the item.</param>
/// <param name="Error">Why it was not written; <see langword="null"/> when it was.</param>
public sealed record AssetWrite(string Id, string? Error = null);

namespace Mlops.Client;

/// <summary>Asks apps to publish metadata and values anew.</summary>
/// <param name="Path">An app, followed by connection and collection if wanted, with slashes between; all where nothing is said.</param>
public sealed record DatabusUpdate(string? Path = null);

namespace Mlops.Client;

/// <summary>Where an imported model came from.</summary>
/// <param name="Node">Name of the node that exported it.</param>
/// <param name="Key">Name of the trusted key that signed the file.</param>
/// <param name="Imported">When it was imported.</param>
/// <param name="Author">Who imported it.</param>
public sealed record ModelOriginDetails(string Node, string Key, DateTimeOffset Imported, string? Author = null);

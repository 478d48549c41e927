namespace Mlops.Client;

/// <summary>What became of an imported configuration.</summary>
/// <param name="Changed">How many things were added, changed or removed, by part.</param>
public sealed record ConfigurationImport(IReadOnlyDictionary<string, int> Changed);

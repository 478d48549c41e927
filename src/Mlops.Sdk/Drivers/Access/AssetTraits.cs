namespace Mlops.Drivers;

/// <summary>What a driver can do beside reading.</summary>
/// <param name="Browse">It tells what can be read.</param>
/// <param name="Write">It writes values back.</param>
/// <param name="Preview">It shows what its asset sees.</param>
/// <param name="Call">It calls methods of its asset.</param>
public readonly record struct AssetTraits(bool Browse, bool Write, bool Preview, bool Call = false);

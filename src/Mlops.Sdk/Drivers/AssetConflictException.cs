namespace Mlops.Drivers;

/// <summary>Somebody else has changed the asset meanwhile; nothing was done.</summary>
public sealed class AssetConflictException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="asset">Id of the asset.</param>
    /// <param name="version">The version that it has; 0 when there is no such asset.</param>
    /// <param name="expected">The version that it was expected to have; 0 for none.</param>
    public AssetConflictException(string asset, long version, long expected)
        : base((version, expected) switch
        {
            (0, _) => $"There is no asset '{asset}' any more. Add it as a new one, or leave it.",
            (_, 0) => $"There is an asset '{asset}' already, version {version}. Choose another id, or change that one.",
            _ => $"Asset '{asset}' was changed meanwhile: it has version {version}, not {expected}. Read it again and repeat the change.",
        }) => (Asset, Version) = (asset, version);

    /// <summary>Gets the id of the asset.</summary>
    public string Asset { get; }

    /// <summary>Gets the version that it has; 0 when there is no such asset.</summary>
    public long Version { get; }
}

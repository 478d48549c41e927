namespace Mlops.Drivers;

/// <summary>
/// The configured assets. They are kept in the node's database; the configuration (<c>Mlops:Assets</c>) brings each id once and never
/// changes it afterwards. Changes take effect at once. Thread-safe.
/// </summary>
public interface IAssetCatalog
{
    /// <summary>Gets the drivers that the host has registered, ordered by kind.</summary>
    IReadOnlyList<DriverDescription> Drivers { get; }

    /// <summary>Lists the assets.</summary>
    /// <param name="withSecrets">Whether secrets are shown.</param>
    /// <returns>A snapshot, ordered by id.</returns>
    IReadOnlyList<AssetDefinition> List(bool withSecrets = false);

    /// <summary>Returns one asset.</summary>
    /// <param name="id">Its id, in any case.</param>
    /// <param name="withSecrets">Whether secrets are shown.</param>
    /// <returns>The asset, or <see langword="null"/> when there is none.</returns>
    AssetDefinition? Find(string id, bool withSecrets = false);

    /// <summary>Adds or replaces an asset, and runs its driver with the new settings.</summary>
    /// <param name="id">Its id: letters, digits, <c>. _ -</c> and blanks inside, up to 100.</param>
    /// <param name="change">What it shall be.</param>
    /// <param name="ifVersion">The version that it must have now; 0 = it must be new; <see langword="null"/> = whatever.</param>
    /// <param name="cancellationToken">Gives up before the change is made.</param>
    /// <returns>The asset as it is now, its secrets hidden.</returns>
    /// <exception cref="DriverConfigurationException">Id, kind or settings are wrong; nothing was changed.</exception>
    /// <exception cref="AssetConflictException">It has another version; nothing was changed.</exception>
    Task<AssetDefinition> PutAsync(string id, AssetChange change, long? ifVersion = null, CancellationToken cancellationToken = default);

    /// <summary>Lets an asset's driver run, or stops it.</summary>
    /// <param name="id">Its id, in any case.</param>
    /// <param name="enabled">Whether it runs.</param>
    /// <param name="ifVersion">The version that it must have now; <see langword="null"/> = whatever.</param>
    /// <param name="cancellationToken">Gives up before the change is made.</param>
    /// <returns>The asset as it is now, its secrets hidden; <see langword="null"/> when there is none.</returns>
    /// <exception cref="AssetConflictException">It has another version; nothing was changed.</exception>
    Task<AssetDefinition?> SetEnabledAsync(string id, bool enabled, long? ifVersion = null, CancellationToken cancellationToken = default);

    /// <summary>Stops an asset's driver and forgets the asset, with what its driver remembered. Its feeds and records stay.</summary>
    /// <param name="id">Its id, in any case.</param>
    /// <param name="ifVersion">The version that it must have now; <see langword="null"/> = whatever.</param>
    /// <param name="cancellationToken">Gives up before the change is made.</param>
    /// <returns><see langword="false"/> when there is no such asset.</returns>
    /// <exception cref="AssetConflictException">It has another version; nothing was changed.</exception>
    Task<bool> RemoveAsync(string id, long? ifVersion = null, CancellationToken cancellationToken = default);

    /// <summary>Tries whether a driver reaches its asset with some settings. Nothing is stored.</summary>
    /// <param name="id">Id of the asset; it need not be there. When it is, hidden secrets are its own.</param>
    /// <param name="change">Kind and settings to try.</param>
    /// <param name="cancellationToken">Ends the trial.</param>
    /// <returns>What it has shown, after <see cref="DriversOptions.TestTimeout"/> at the latest.</returns>
    /// <exception cref="DriverConfigurationException">Id, kind or settings are wrong.</exception>
    Task<ConnectionTest> TestAsync(string id, AssetChange change, CancellationToken cancellationToken = default);
}

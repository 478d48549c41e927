namespace Mlops.Drivers;

/// <summary>Reaches assets through the drivers that run: browses them, writes values to them, calls their methods, shows what they see; and finds further ones. Thread-safe.</summary>
public interface IAssetAccess
{
    /// <summary>Tells what an asset's driver can do now.</summary>
    /// <param name="asset">Id of the asset, in any case.</param>
    /// <returns>Its traits; none while it does not run or when there is no such asset.</returns>
    AssetTraits Traits(string asset);

    /// <summary>Lists what can be read at an asset.</summary>
    /// <param name="asset">Id of the asset, in any case.</param>
    /// <param name="parent">Id of the item whose children are wanted; <see langword="null"/> for the top.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The items, in the asset's order.</returns>
    /// <exception cref="AssetAccessException">It cannot be done now; <see cref="AssetAccessException.Failure"/> tells why.</exception>
    Task<IReadOnlyList<BrowseItem>> BrowseAsync(string asset, string? parent = null, CancellationToken cancellationToken = default);

    /// <summary>Writes values to an asset, behind those that others are writing to it.</summary>
    /// <param name="asset">Id of the asset, in any case.</param>
    /// <param name="values">The values.</param>
    /// <param name="cancellationToken">Gives up; values may be written all the same.</param>
    /// <returns>One outcome for each value, in their order.</returns>
    /// <exception cref="AssetAccessException">It cannot be done now; <see cref="AssetAccessException.Failure"/> tells why.</exception>
    Task<IReadOnlyList<WriteOutcome>> WriteAsync(string asset, IReadOnlyList<AssetValue> values, CancellationToken cancellationToken = default);

    /// <summary>Calls a method of an asset, behind what others are writing to it or calling.</summary>
    /// <param name="asset">Id of the asset, in any case.</param>
    /// <param name="method">Names the method, as its driver's documentation says.</param>
    /// <param name="arguments">Values of the types that <see cref="AssetValue.Value"/> names, in the method's order.</param>
    /// <param name="cancellationToken">Gives up; the method may run all the same.</param>
    /// <returns>What the method has returned.</returns>
    /// <exception cref="AssetAccessException">It cannot be done now; <see cref="AssetAccessException.Failure"/> tells why.</exception>
    Task<IReadOnlyList<object?>> CallMethodAsync(string asset, string method, IReadOnlyList<object?> arguments, CancellationToken cancellationToken = default);

    /// <summary>Looks for assets that drivers of a kind could connect.</summary>
    /// <param name="kind">The kind, in any case.</param>
    /// <param name="address">Where to look, as the kind's documentation says; <see langword="null"/> for where the kind looks by itself.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was found, the most advisable first.</returns>
    /// <exception cref="AssetAccessException">It cannot be done; <see cref="AssetAccessException.Failure"/> tells why.</exception>
    Task<IReadOnlyList<DiscoveredAsset>> DiscoverAsync(string kind, string? address = null, CancellationToken cancellationToken = default);

    /// <summary>Returns what an asset sees.</summary>
    /// <param name="asset">Id of the asset, in any case.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The last frame, or <see langword="null"/> when there was none yet.</returns>
    /// <exception cref="AssetAccessException">It cannot be done now; <see cref="AssetAccessException.Failure"/> tells why.</exception>
    Task<PreviewFrame?> PreviewAsync(string asset, CancellationToken cancellationToken = default);
}

namespace Mlops.Drivers;

/// <summary>A factory, beside <see cref="IHighLevelDriverFactory"/>, that finds assets for its drivers.</summary>
/// <remarks>Called on any thread, several calls at a time; a call that takes too long is cancelled.</remarks>
public interface IDiscoveringDriverFactory
{
    /// <summary>Looks for assets that drivers of the kind could connect.</summary>
    /// <param name="address">Where to look, as the kind's documentation says; <see langword="null"/> for where the kind looks by itself.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was found, the most advisable first; empty when there is nothing.</returns>
    /// <exception cref="ArgumentException">The address is none, or the kind needs one; the message says what an address is.</exception>
    /// <exception cref="IOException">Nothing answers there; the message says what helps.</exception>
    ValueTask<IReadOnlyList<DiscoveredAsset>> DiscoverAsync(string? address, CancellationToken cancellationToken);
}

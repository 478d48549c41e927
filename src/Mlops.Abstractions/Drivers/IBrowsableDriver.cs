namespace Mlops.Drivers;

/// <summary>A driver, beside <see cref="IHighLevelDriver"/>, that can tell what can be read at its asset.</summary>
/// <remarks>Called only while <see cref="IHighLevelDriver.RunAsync"/> runs, on any thread, several calls at a time; a call that takes too long is cancelled.</remarks>
public interface IBrowsableDriver
{
    /// <summary>Lists what lies below an item.</summary>
    /// <param name="parent">Id of the item; <see langword="null"/> for the top.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The items, in the asset's order.</returns>
    /// <exception cref="ArgumentException">There is no such item.</exception>
    /// <exception cref="IOException">The asset cannot be reached now; the message says why.</exception>
    ValueTask<IReadOnlyList<BrowseItem>> BrowseAsync(string? parent, CancellationToken cancellationToken);
}

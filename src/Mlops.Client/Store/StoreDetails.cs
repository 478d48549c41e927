namespace Mlops.Client;

/// <summary>What the store takes up, and what is wrong with it.</summary>
/// <param name="Feeds">The feeds, by id.</param>
/// <param name="Damaged">What could not be read and was set aside, oldest first.</param>
/// <param name="DatabaseBytes">Size of the database, which holds the log and the catalog, bytes.</param>
/// <param name="FreeBytes">How much is free on the disk of the data folder, bytes.</param>
/// <param name="Trouble">Why nothing can be written now.</param>
/// <param name="TroubleSince">Since when there is trouble.</param>
public sealed record StoreDetails(
    IReadOnlyList<FeedSize> Feeds,
    IReadOnlyList<DamagedPart> Damaged,
    long DatabaseBytes,
    long FreeBytes,
    string? Trouble = null,
    DateTimeOffset? TroubleSince = null);

namespace Mlops.Store;

/// <summary>What the store takes up, and what is wrong with it.</summary>
public sealed record StoreStatus
{
    /// <summary>Gets why nothing can be written now, for example a full disk; <see langword="null"/> while all is well.</summary>
    public string? Trouble { get; init; }

    /// <summary>Gets since when there is <see cref="Trouble"/>.</summary>
    public DateTimeOffset? TroubleSince { get; init; }

    /// <summary>Gets the feeds, ordered by id.</summary>
    public required IReadOnlyList<FeedStorage> Feeds { get; init; }

    /// <summary>Gets what could not be read and was set aside, oldest first.</summary>
    public required IReadOnlyList<DamagedRecords> Damaged { get; init; }

    /// <summary>Gets the size of <c>mlops.db</c>, which holds the log and the catalog, bytes.</summary>
    public long DatabaseBytes { get; init; }

    /// <summary>Gets how much is free on the disk of the data folder, bytes.</summary>
    public long FreeBytes { get; init; }
}

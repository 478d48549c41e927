namespace Mlops.Store;

/// <summary>Tells what the store takes up and whether it is sound, and does its upkeep on request. Thread-safe.</summary>
public interface IStoreKeeper
{
    /// <summary>Returns size and growth of each feed, and what is wrong.</summary>
    /// <returns>A snapshot; it costs some queries of the catalog.</returns>
    StoreStatus Status();

    /// <summary>Compares every stored byte with its checksum. What is broken is named and set aside, and the rest goes on.</summary>
    /// <param name="cancellationToken">Ends it after the part at hand.</param>
    /// <returns>What was read and what was found.</returns>
    Task<StoreVerification> VerifyAsync(CancellationToken cancellationToken = default);

    /// <summary>Gives up for good what was set aside of a feed: its files in the folder <c>quarantine</c> and its rows in the table <c>set_aside</c>.</summary>
    /// <param name="feed">Id of the feed.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What was given up.</returns>
    /// <exception cref="IOException">The disk refuses.</exception>
    Task<IReadOnlyList<DamagedRecords>> ForgetDamagedAsync(string feed, CancellationToken cancellationToken = default);

    /// <summary>Drops now what <c>Mlops:Store:Retention</c> says.</summary>
    /// <param name="pastReaders">Whether records go that a reader has not come to yet.</param>
    /// <param name="cancellationToken">Leaves the rest for the next time.</param>
    /// <returns>What was dropped and what is held.</returns>
    /// <exception cref="IOException">The disk refuses; what was dropped by then is dropped.</exception>
    Task<RetentionResult> ApplyRetentionAsync(bool pastReaders = false, CancellationToken cancellationToken = default);
}

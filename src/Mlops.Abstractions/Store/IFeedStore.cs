using Mlops.Data;

namespace Mlops.Store;

/// <summary>
/// Keeps the records of all feeds, in the order of their positions, and the cursors of those who read them. Thread-safe.
/// A commit that has completed survives a crash of the process and of the machine.
/// </summary>
public interface IFeedStore
{
    /// <summary>
    /// Occurs for each feed of a commit once it is durable: id of the feed and its highest position. In the order of commits and
    /// before <see cref="CommitAsync"/> completes; handlers are quick and do not throw. The live tail learns from it what readers
    /// find in the store.
    /// </summary>
    event Action<string, long>? Committed;

    /// <summary>Lists the feeds.</summary>
    /// <returns>A snapshot, ordered by id.</returns>
    IReadOnlyList<FeedInfo> List();

    /// <summary>Returns the newest schema of a feed.</summary>
    /// <param name="feed">Id of the feed.</param>
    /// <returns>The schema, or <see langword="null"/> when there is no such feed.</returns>
    FeedSchema? Find(string feed);

    /// <summary>Creates a feed or adds fields to it. A field whose type changed starts a new version of the feed.</summary>
    /// <param name="declaration">The feed and its fields.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The schema from now on, durable.</returns>
    ValueTask<FeedSchema> DeclareAsync(FeedDeclaration declaration, CancellationToken cancellationToken = default);

    /// <summary>Reserves consecutive positions that are never given again, not even after a crash.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The first of them; completes at once except when a new block must be made durable first.</returns>
    ValueTask<long> ReservePositionsAsync(int count);

    /// <summary>Makes records and cursors durable in one step.</summary>
    /// <param name="commit">What to keep. Batches of a feed must come in the order of their positions.</param>
    /// <param name="cancellationToken">Gives up before the step has begun; a begun step completes.</param>
    /// <returns>Completes once durable.</returns>
    /// <exception cref="ArgumentException">A batch's feed or columns were never declared, or its positions do not rise; nothing was kept.</exception>
    /// <exception cref="IOException">The disk refuses; nothing was kept and the call may be repeated, before later batches of the same feeds.</exception>
    ValueTask CommitAsync(StoreCommit commit, CancellationToken cancellationToken = default);

    /// <summary>Reads committed records in the order of their positions, as one snapshot.</summary>
    /// <param name="query">Which records.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Batches of up to about 16,000 records under the feed's newest schema, in which values of an incompatible older type are null; the caller disposes each.</returns>
    /// <exception cref="ArgumentException">There is no such feed, or the filter is refused: which, where, why.</exception>
    /// <exception cref="IOException">Stored data cannot be read for now.</exception>
    IAsyncEnumerable<RecordBatch> ReadAsync(FeedQuery query, CancellationToken cancellationToken = default);

    /// <summary>Returns a cursor's committed position.</summary>
    /// <param name="name">Name of the cursor.</param>
    /// <returns>The position, or <see langword="null"/> when it was never moved.</returns>
    long? GetCursor(string name);
}

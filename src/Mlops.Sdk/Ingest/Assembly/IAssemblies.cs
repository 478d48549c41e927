namespace Mlops.Ingest.Assembly;

/// <summary>
/// How rows are assembled, for each feed or group of feeds. Entries in the configuration (<c>Mlops:Ingest:Assembly</c>) are added once;
/// from then on this catalog rules. Of several entries that name a feed the most specific one counts: its id, then the longest
/// beginning. Changes take effect with the next message and survive restarts; rows that are stored stay as they are. Thread-safe.
/// </summary>
public interface IAssemblies
{
    /// <summary>Lists the entries.</summary>
    /// <returns>A snapshot, ordered by feed.</returns>
    IReadOnlyList<FeedAssembly> List();

    /// <summary>Tells how the rows of a feed are assembled now.</summary>
    /// <param name="feed">Its id; it need not be there yet.</param>
    /// <returns>The entry that counts, or the default: a row for each message.</returns>
    FeedAssembly For(string feed);

    /// <summary>Adds an entry, or replaces the one of the same feed or group of feeds.</summary>
    /// <param name="assembly">The entry.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes once durable and in effect.</returns>
    /// <exception cref="ArgumentException">It cannot work: every reason at once.</exception>
    Task PutAsync(FeedAssembly assembly, CancellationToken cancellationToken = default);

    /// <summary>Removes an entry; its feeds go by the next one that names them, or by the default.</summary>
    /// <param name="feed">The feed or group of feeds, as in <see cref="FeedAssembly.Feed"/>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether there was one.</returns>
    Task<bool> RemoveAsync(string feed, CancellationToken cancellationToken = default);
}

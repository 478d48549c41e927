namespace Mlops.Ingest.Mapping;

/// <summary>
/// The mappings of plain JSON to feeds. Those in the configuration (<c>Mlops:Ingest:Subscriptions</c>) are added once; from then on this catalog
/// rules. Changes take effect at once and survive restarts. Thread-safe.
/// </summary>
public interface IMappings
{
    /// <summary>Lists the mappings.</summary>
    /// <returns>A snapshot, oldest first.</returns>
    IReadOnlyList<JsonMapping> List();

    /// <summary>Adds a mapping.</summary>
    /// <param name="mapping">The mapping; its id is given here when it has none.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The mapping with its id, durable and in effect.</returns>
    /// <exception cref="ArgumentException">It cannot work, or the id is taken: every reason at once.</exception>
    Task<JsonMapping> AddAsync(JsonMapping mapping, CancellationToken cancellationToken = default);

    /// <summary>Replaces a mapping.</summary>
    /// <param name="mapping">The mapping, with the id of the one it replaces.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes once durable and in effect.</returns>
    /// <exception cref="ArgumentException">It cannot work, or there is none with that id.</exception>
    Task ChangeAsync(JsonMapping mapping, CancellationToken cancellationToken = default);

    /// <summary>Removes a mapping. What was stored stays.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether there was one.</returns>
    Task<bool> RemoveAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Watches topics for a while and works out a mapping from what comes. Nothing is stored.</summary>
    /// <param name="topicFilter">The topics.</param>
    /// <param name="maxTime">How long to watch.</param>
    /// <param name="maxMessages">After how many messages to stop earlier.</param>
    /// <param name="cancellationToken">Stops watching; the proposal is lost.</param>
    /// <returns>What was seen, and a mapping for <see cref="AddAsync"/> unless nothing could be read.</returns>
    /// <exception cref="ArgumentException">The filter is none, or brings the databus.</exception>
    /// <exception cref="InvalidOperationException">The host has no message bus.</exception>
    Task<MappingProposal> ProposeAsync(string topicFilter, TimeSpan maxTime, int maxMessages = 100, CancellationToken cancellationToken = default);
}

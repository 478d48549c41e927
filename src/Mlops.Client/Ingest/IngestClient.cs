namespace Mlops.Client;

/// <summary>Mappings, and messages that could not be understood. Thread-safe.</summary>
public sealed class IngestClient
{
    private readonly Transport _transport;

    internal IngestClient(Transport transport) => _transport = transport;

    /// <summary>Lists topics on which messages came; the first call begins to watch them, half a minute without one ends it.</summary>
    /// <param name="filter">Which topics, with <c>+</c> for one level and <c>#</c> for the rest; all where nothing is said.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The topics with a message seen lately.</returns>
    /// <exception cref="MlopsException">The node refused.</exception>
    public Task<IReadOnlyList<TopicDetails>> ListTopicsAsync(string? filter = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync<TopicDetails>(Query.Of("topics", ("filter", filter)), cancellationToken);

    /// <summary>Lists the mappings.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The mappings.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<Mapping>> ListMappingsAsync(CancellationToken cancellationToken = default) =>
        _transport.ListAsync<Mapping>("mappings", cancellationToken);

    /// <summary>Adds a mapping.</summary>
    /// <param name="mapping">The mapping.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The mapping with its id.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<Mapping> AddMappingAsync(Mapping mapping, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<Mapping, Mapping>(HttpMethod.Post, "mappings", mapping, cancellationToken: cancellationToken);

    /// <summary>Replaces a mapping.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="mapping">What it shall be.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The mapping.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<Mapping> ChangeMappingAsync(string id, Mapping mapping, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<Mapping, Mapping>(HttpMethod.Put, $"mappings/{Query.Segment(id)}", mapping, cancellationToken: cancellationToken);

    /// <summary>Removes a mapping.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes once it is gone.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task DeleteMappingAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.DeleteAsync($"mappings/{Query.Segment(id)}", cancellationToken);

    /// <summary>Works out a mapping from what comes.</summary>
    /// <param name="learning">What to watch.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What was seen.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<MappingLearned> LearnMappingAsync(MappingLearning learning, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<MappingLearning, MappingLearned>(HttpMethod.Post, "mappings/learn", learning, cancellationToken: cancellationToken);

    /// <summary>Lists messages that could not be understood, newest first.</summary>
    /// <param name="topic">Only topics that this filter matches.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The messages.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<DeadLetterEntry>> ListDeadLettersAsync(string? topic = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync<DeadLetterEntry>(Query.Of("dead-letters", ("topic", topic)), cancellationToken);

    /// <summary>Takes messages again.</summary>
    /// <param name="ids">Their ids.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What became of them.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<ReplayAnswer> ReplayDeadLettersAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<IdList, ReplayAnswer>(HttpMethod.Post, "dead-letters/replay", new IdList(ids), cancellationToken: cancellationToken);

    /// <summary>Deletes messages that could not be understood.</summary>
    /// <param name="ids">Their ids.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>How many were deleted.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<CountAnswer> DeleteDeadLettersAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<IdList, CountAnswer>(HttpMethod.Post, "dead-letters/delete", new IdList(ids), cancellationToken: cancellationToken);

    /// <summary>Returns one message that could not be understood.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The message.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<DeadLetterEntry> GetDeadLetterAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<DeadLetterEntry>($"dead-letters/{Query.Segment(id)}", cancellationToken);

    /// <summary>Counts messages that could not be understood, by cause and source, since the node started.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The counts, the highest first.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<DeadLetterCounter>> CountDeadLettersAsync(CancellationToken cancellationToken = default) =>
        _transport.ListAsync<DeadLetterCounter>("dead-letters/counts", cancellationToken);

    /// <summary>Tells how ingest is doing.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The figures.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IngestFigures> GetFiguresAsync(CancellationToken cancellationToken = default) =>
        _transport.GetAsync<IngestFigures>("ingest", cancellationToken);

    /// <summary>Lists how rows are assembled, by feed or group of feeds.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The entries.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<IReadOnlyList<AssemblyEntry>> ListAssembliesAsync(CancellationToken cancellationToken = default) =>
        _transport.ListAsync<AssemblyEntry>("assemblies", cancellationToken);

    /// <summary>Tells how the rows of a feed are assembled now.</summary>
    /// <param name="feed">Its id; it need not be there yet.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The entry that counts, or the default.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<AssemblyEntry> GetAssemblyAsync(string feed, CancellationToken cancellationToken = default) =>
        _transport.GetAsync<AssemblyEntry>($"assemblies/{Query.Segment(feed)}", cancellationToken);

    /// <summary>Says how rows are assembled, from the next message on.</summary>
    /// <param name="feed">The feed: an id, or its beginning followed by <c>*</c>.</param>
    /// <param name="assembly">How.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The entry.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task<AssemblyEntry> PutAssemblyAsync(string feed, AssemblyBody assembly, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<AssemblyBody, AssemblyEntry>(HttpMethod.Put, $"assemblies/{Query.Segment(feed)}", assembly, cancellationToken: cancellationToken);

    /// <summary>Removes an entry; its feeds go by the next one that names them, or by the default.</summary>
    /// <param name="feed">The feed or group of feeds.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes once it is gone.</returns>
    /// <exception cref="MlopsException">The node refused it.</exception>
    public Task DeleteAssemblyAsync(string feed, CancellationToken cancellationToken = default) =>
        _transport.DeleteAsync($"assemblies/{Query.Segment(feed)}", cancellationToken);
}

namespace Mlops.Client;

/// <summary>Mappings, and messages that could not be understood. Thread-safe.</summary>
public sealed class IngestClient
{
    private readonly Transport _transport;

    internal IngestClient(Transport transport) => _transport = transport;

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
}

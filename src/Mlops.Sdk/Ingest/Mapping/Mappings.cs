using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Databus;
using Mlops.Ingest.PlainJson;
using Mlops.Messaging;
using Mlops.Mqtt;
using Mlops.Store;

namespace Mlops.Ingest.Mapping;

/// <summary>Keeps the mappings in <c>mlops.db</c> and tells the consumer of changes. One change at a time.</summary>
internal sealed class Mappings(
    NodeDatabase database, PlainJsonConsumer consumer, IOptions<IngestOptions> options, TimeProvider time, ILogger<Mappings> logger, IMessageBus? bus = null) : IMappings, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private IReadOnlyList<JsonMapping> _mappings = [];

    public IReadOnlyList<JsonMapping> List() => Volatile.Read(ref _mappings);

    /// <summary>Loads the mappings, adds those that the configuration has for the first time, and puts all in effect.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        JsonMapping[] configured = [.. options.Value.Subscriptions.Select(s => s.ToMapping())];
        JsonMapping[] added = await database.WriteAsync(
            connection =>
            {
                // Each one once, by what it is: what a person removed or changed later stays so.
                JsonMapping[] fresh = [.. configured
                    .Select(m => m with { Id = IdOf(m) })
                    .DistinctBy(m => m.Id)
                    .Where(m => connection.Run("INSERT OR IGNORE INTO mapping_seed VALUES ($id)", ("$id", m.Id)) > 0)];
                foreach (JsonMapping mapping in fresh)
                    Insert(connection, mapping);
                return fresh;
            },
            cancellationToken).ConfigureAwait(false);
        _mappings = database.Read(c => c.Rows("SELECT body FROM mapping ORDER BY number", r => JsonSerializer.Deserialize(r.GetString(0), MappingContext.Default.JsonMapping)!));
        foreach (JsonMapping mapping in _mappings)
            consumer.Put(mapping);
        if (_mappings.Count > 0)
            Log.Subscribed(logger, _mappings.Count, added.Length);
    }

    public async Task<JsonMapping> AddAsync(JsonMapping mapping, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        MappingRules.Require(mapping);
        JsonMapping named = mapping.Id.Length > 0 ? mapping : mapping with { Id = Guid.NewGuid().ToString("N")[..12] };
        await ChangeAsync(
            known => known.Any(m => m.Id == named.Id) ? throw new ArgumentException($"There is a mapping with the id '{named.Id}' already. Change that one, or leave the id empty.", nameof(mapping)) : [.. known, named],
            connection => Insert(connection, named),
            cancellationToken).ConfigureAwait(false);
        consumer.Put(named);
        return named;
    }

    public async Task ChangeAsync(JsonMapping mapping, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        MappingRules.Require(mapping);
        await ChangeAsync(
            known => known.Any(m => m.Id == mapping.Id) ? [.. known.Select(m => m.Id == mapping.Id ? mapping : m)] : throw new ArgumentException($"There is no mapping with the id '{mapping.Id}'. Add it instead.", nameof(mapping)),
            connection => connection.Run("UPDATE mapping SET body = $body WHERE id = $id", ("$id", mapping.Id), ("$body", Body(mapping))),
            cancellationToken).ConfigureAwait(false);
        consumer.Put(mapping);
    }

    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken = default)
    {
        bool found = List().Any(m => m.Id == id);
        await ChangeAsync(
            known => [.. known.Where(m => m.Id != id)],
            connection => connection.Run("DELETE FROM mapping WHERE id = $id", ("$id", id)),
            cancellationToken).ConfigureAwait(false);
        consumer.Remove(id);
        return found;
    }

    public async Task<MappingProposal> ProposeAsync(string topicFilter, TimeSpan maxTime, int maxMessages = 100, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topicFilter);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMessages, 1);
        if (!MqttTopicFilter.IsValidFilter(topicFilter) || topicFilter.StartsWith(DatabusTopics.Prefix, StringComparison.Ordinal))
            throw new ArgumentException($"'{topicFilter}' is not a filter for topics with plain JSON. Let + fill a whole level and # stand last, and leave the databus ({DatabusTopics.Prefix}…) alone.", nameof(topicFilter));
        var learner = new MappingLearner(topicFilter, maxMessages);
        using (IDisposable watching = (bus ?? throw new InvalidOperationException("This host has no message bus, so no topic can be watched. Call AddMqttBroker().")).Subscribe(topicFilter, learner.OnMessage))
            await Task.WhenAny(learner.Enough, Task.Delay(maxTime, time, cancellationToken)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return learner.Propose();
    }

    public void Dispose() => _turn.Dispose();

    private async Task ChangeAsync(
        Func<IReadOnlyList<JsonMapping>, IReadOnlyList<JsonMapping>> change, Action<Microsoft.Data.Sqlite.SqliteConnection> write, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            IReadOnlyList<JsonMapping> next = change(_mappings);
            await database.WriteAsync(write, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _mappings, next);
        }
        finally
        {
            _turn.Release();
        }
    }

    private static void Insert(Microsoft.Data.Sqlite.SqliteConnection connection, JsonMapping mapping) =>
        connection.Run("INSERT OR REPLACE INTO mapping (id, body) VALUES ($id, $body)", ("$id", mapping.Id), ("$body", Body(mapping)));

    private static string Body(JsonMapping mapping) => JsonSerializer.Serialize(mapping, MappingContext.Default.JsonMapping);

    private static string IdOf(JsonMapping mapping) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{mapping.Topic}\0{mapping.Feed}\0{mapping.Records}")))[..12];
}

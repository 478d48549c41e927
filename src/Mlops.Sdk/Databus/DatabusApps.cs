using System.Collections.Concurrent;
using System.Text.Json;
using Mlops.Data;

namespace Mlops.Databus;

/// <summary>Remembers what apps say of themselves.</summary>
internal sealed class DatabusApps(TimeProvider time) : IDatabus
{
    private static readonly IReadOnlyDictionary<string, string> NoConnections = new Dictionary<string, string>();
    private readonly ConcurrentDictionary<string, DatabusAppInfo> _apps = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, IReadOnlyList<DatabusSource>> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string App, string Connection), (string State, DateTimeOffset Since)> _connectionsSince = new();

    public IReadOnlyList<DatabusAppInfo> Apps() => [.. _apps.Values.OrderBy(a => a.Name, StringComparer.Ordinal)];

    public IReadOnlyList<DatabusFeedInfo> Feeds() => [.. _known.OrderBy(a => a.Key, StringComparer.Ordinal).SelectMany(a => a.Value.Select(s => Describe(a.Key, s)))];

    /// <summary>Finds the collection that fills a feed, and its app.</summary>
    public (string App, DatabusSource Source)? Find(string feed)
    {
        foreach ((string app, IReadOnlyList<DatabusSource> sources) in _known)
        {
            if (sources.FirstOrDefault(s => s.Feed == feed) is { } source)
                return (app, source);
        }

        return null;
    }

    public void Announced(string app, string? applicationName, IReadOnlyList<DatabusSource> sources)
    {
        _known[app] = sources;
        Update(app, known => known with { ApplicationName = applicationName, Feeds = [.. sources.Select(s => s.Feed)] });
    }

    /// <summary>Takes a status message.</summary>
    /// <exception cref="JsonException">It is not a status.</exception>
    public void Reported(string app, ReadOnlyMemory<byte> payload)
    {
        using JsonDocument document = JsonDocument.Parse(payload);
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new JsonException("a status is a JSON object");
        string? status = root.TryGetProperty("connector"u8, out JsonElement connector) ? Text(connector, "status") : null;
        var connections = new Dictionary<string, string>(StringComparer.Ordinal);
        if (root.TryGetProperty("connections"u8, out JsonElement list) && list.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement connection in list.EnumerateArray())
            {
                if (Text(connection, "name") is { } name && Text(connection, "status") is { } state)
                    connections[name] = state;
            }
        }

        Update(app, known => known with
        {
            Status = status,
            StatusSince = known.Status == status ? known.StatusSince ?? time.GetUtcNow() : time.GetUtcNow(),
            Connections = connections,
        });
        foreach (string gone in _connectionsSince.Keys.Where(k => k.App == app && !connections.ContainsKey(k.Connection)).Select(k => k.Connection).ToList())
            _connectionsSince.TryRemove((app, gone), out _);
        foreach ((string connection, string state) in connections)
        {
            (string, DateTimeOffset) now = (state, time.GetUtcNow());
            _connectionsSince.AddOrUpdate((app, connection), now, (_, known) => known.State == state ? known : now);
        }
    }

    private DatabusFeedInfo Describe(string app, DatabusSource source)
    {
        AnnouncedCollection collection = source.Collection;
        (string? reason, DateTimeOffset? since) = StaleOf(app, collection.Connection);
        return new DatabusFeedInfo(source.Feed, app, collection.Connection, collection.Name)
        {
            StaleReason = reason,
            StaleSince = since,
            LastValue = source.Flow.Newest == 0 ? null : EpochTime.ToDateTimeOffset(source.Flow.Newest),
            Missing = source.Flow.Missing,
            Writable = collection.WriteTopic is null ? [] : [.. collection.DataPoints.Where(d => d.IsWritable).Select(d => d.Name)],
        };
    }

    private (string? Reason, DateTimeOffset? Since) StaleOf(string app, string connection)
    {
        if (_apps.TryGetValue(app, out DatabusAppInfo? info) && info.Status is "unavailable" or "bad")
            return ($"App '{app}' says that it is {info.Status}.", info.StatusSince);
        if (_connectionsSince.TryGetValue((app, connection), out (string State, DateTimeOffset Since) known) && known.State is "stopped" or "bad")
            return ($"App '{app}' says that its connection '{connection}' is {known.State}.", known.Since);
        return (null, null);
    }

    private void Update(string app, Func<DatabusAppInfo, DatabusAppInfo> change) => _apps.AddOrUpdate(
        app, name => change(new DatabusAppInfo(name, null, null, null, NoConnections, [])), (_, known) => change(known));

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

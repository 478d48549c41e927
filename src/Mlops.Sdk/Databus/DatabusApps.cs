using System.Collections.Concurrent;
using System.Text.Json;

namespace Mlops.Databus;

/// <summary>Remembers what apps say of themselves.</summary>
internal sealed class DatabusApps(TimeProvider time) : IDatabus
{
    private static readonly IReadOnlyDictionary<string, string> NoConnections = new Dictionary<string, string>();
    private readonly ConcurrentDictionary<string, DatabusAppInfo> _apps = new(StringComparer.Ordinal);

    public IReadOnlyList<DatabusAppInfo> Apps() => [.. _apps.Values.OrderBy(a => a.Name, StringComparer.Ordinal)];

    public void Announced(string app, string? applicationName, IReadOnlyList<string> feeds) =>
        Update(app, known => known with { ApplicationName = applicationName, Feeds = feeds });

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
    }

    private void Update(string app, Func<DatabusAppInfo, DatabusAppInfo> change) => _apps.AddOrUpdate(
        app, name => change(new DatabusAppInfo(name, null, null, null, NoConnections, [])), (_, known) => change(known));

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

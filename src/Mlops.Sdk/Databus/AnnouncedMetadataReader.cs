using System.Text.Json;

namespace Mlops.Databus;

/// <summary>Reads metadata messages. Tolerates what old connectors leave out; says what it cannot do without.</summary>
internal static class AnnouncedMetadataReader
{
    /// <exception cref="JsonException">It is not JSON, or lacks what is needed; the message says which.</exception>
    public static AnnouncedMetadata Read(ReadOnlyMemory<byte> payload, int maxFields)
    {
        using JsonDocument document = JsonDocument.Parse(payload);
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("connections"u8, out JsonElement connections) || connections.ValueKind != JsonValueKind.Array)
            throw new JsonException("the metadata has no list 'connections'");
        var collections = new List<AnnouncedCollection>();
        foreach (JsonElement connection in Objects(connections))
        {
            if (!connection.TryGetProperty("dataPoints"u8, out JsonElement list))
                continue;
            foreach (JsonElement collection in Objects(list))
                collections.Add(ReadCollection(connection, collection, maxFields));
        }

        return new AnnouncedMetadata(Number(root, "hashVersion"), Text(root, "applicationName"), collections);
    }

    private static AnnouncedCollection ReadCollection(JsonElement connection, JsonElement collection, int maxFields)
    {
        string name = Text(collection, "name") ?? "";
        string where = $"collection '{name}' of connection '{Text(connection, "name")}'";
        string topic = Text(collection, "topic") ?? throw new JsonException($"{where} has no topic");
        if (topic.Length == 0 || topic.AsSpan().IndexOfAny('+', '#', '\0') >= 0)
            throw new JsonException($"{where} has the topic '{topic}', to which nothing can be published");
        var definitions = new List<AnnouncedDataPoint>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (collection.TryGetProperty("dataPointDefinitions"u8, out JsonElement list))
        {
            foreach (JsonElement definition in Objects(list))
            {
                string id = Text(definition, "id") ?? throw new JsonException($"a definition in {where} has no id");
                string field = Text(definition, "name") is { Length: > 0 } given ? given : id;

                // Names are unique by the rules; where they are not, the id tells them apart and no value is lost.
                if (!names.Add(field))
                    names.Add(field = $"{field} ({id})");
                bool isArray = Number(definition, "valueRank") is >= 1;
                definitions.Add(new AnnouncedDataPoint(field, id, Text(definition, "dataType") ?? "String", isArray) { AccessMode = Text(definition, "accessMode") });
                if (definitions.Count > maxFields)
                    throw new JsonException($"{where} has more than {maxFields} definitions; raise Mlops:Ingest:MaxFields");
            }
        }

        return new AnnouncedCollection(
            Text(connection, "name") ?? "", name, topic, Text(collection, "publishType") ?? "bulk", definitions)
        {
            WriteTopic = Text(collection, "pubTopic") is { Length: > 0 } writeTopic && writeTopic.AsSpan().IndexOfAny('+', '#', '\0') < 0 ? writeTopic : null,
        };
    }

    private static IEnumerable<JsonElement> Objects(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object) : [];

    private static string? Text(JsonElement element, string name) =>
        !element.TryGetProperty(name, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : value.ValueKind == JsonValueKind.Number ? value.GetRawText()
        : null;

    private static long? Number(JsonElement element, string name) =>
        long.TryParse(Text(element, name), System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out long number) ? number : null;
}

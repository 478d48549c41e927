using System.Buffers;
using System.Text.Json;
using Mlops.Data;

namespace Mlops.Databus.Publishing;

/// <summary>Writes our app's metadata message in the Common Databus Payload Format.</summary>
internal static class DatabusMetadataWriter
{
    /// <summary>Returns the payload and the hash of the definitions in it.</summary>
    public static (byte[] Payload, uint HashVersion) Write(string app, long sequence, string statusTopic, IReadOnlyCollection<DatabusCollection> collections)
    {
        var connections = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(connections))
            WriteConnections(json, collections);
        uint hash = Hash(connections.WrittenSpan);
        var message = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(message))
        {
            json.WriteStartObject();
            json.WriteNumber("seq", sequence);
            json.WriteNumber("hashVersion", hash);
            json.WriteString("applicationName", app);
            json.WriteString("statustopic", statusTopic);
            json.WritePropertyName("connections");
            json.WriteRawValue(connections.WrittenSpan, skipInputValidation: true);
            json.WriteEndObject();
        }

        return (message.WrittenSpan.ToArray(), hash);
    }

    private static void WriteConnections(Utf8JsonWriter json, IReadOnlyCollection<DatabusCollection> collections)
    {
        json.WriteStartArray();
        foreach (IGrouping<string, DatabusCollection> connection in collections.GroupBy(c => c.Connection, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("name", connection.Key);
            json.WriteString("type", "mlops");
            json.WriteStartArray("dataPoints");
            foreach (DatabusCollection collection in connection.OrderBy(c => c.Name, StringComparer.Ordinal))
            {
                json.WriteStartObject();
                json.WriteString("name", collection.Name);
                json.WriteString("topic", collection.Topic);
                json.WriteString("pubTopic", collection.WriteTopic);
                json.WriteString("publishType", "bulk");
                json.WriteStartArray("dataPointDefinitions");
                foreach (FeedField field in collection.Fields)
                    WriteDefinition(json, field, "r");
                foreach (FeedField field in collection.Writable)
                    WriteDefinition(json, field, "w");
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteDefinition(Utf8JsonWriter json, FeedField field, string access)
    {
        json.WriteStartObject();
        json.WriteString("name", field.Name);
        json.WriteString("id", field.Name);
        json.WriteString("dataType", field.Type.Element() switch
        {
            FieldType.Boolean => "Bool",
            FieldType.Int64 => "LInt",
            FieldType.UInt64 => "ULInt",
            FieldType.Float64 => "LReal",
            FieldType.Timestamp => "DateTime",
            _ => "String",
        });
        if (field.Type.IsList())
        {
            json.WriteNumber("valueRank", 1);
            json.WriteStartArray("arrayDimensions");
            json.WriteNumberValue(0);
            json.WriteEndArray();
        }

        json.WriteString("accessMode", access);
        json.WriteEndObject();
    }

    // FNV-1a: the same definitions give the same hash after every start.
    private static uint Hash(ReadOnlySpan<byte> text)
    {
        uint hash = 2166136261;
        foreach (byte b in text)
            hash = (hash ^ b) * 16777619;
        return hash;
    }
}

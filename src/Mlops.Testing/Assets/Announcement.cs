using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Mlops.Testing.Assets;

/// <summary>Writes what an asset says of itself in the Common Databus Payload Format: topics, metadata and status.</summary>
internal sealed class Announcement
{
    private readonly AssetOptions _names;
    private readonly IReadOnlyList<AssetCollection> _collections;

    public Announcement(AssetOptions names, IReadOnlyList<AssetCollection> collections)
    {
        _names = names;
        _collections = collections;
        HashVersion = Hash(collections.SelectMany(c => c.Points));
    }

    /// <summary>Gets the hash of the definitions, by which values name the metadata they belong to.</summary>
    public uint HashVersion { get; }

    public string MetadataTopic => $"ie/m/j/simatic/v1/{_names.App}/dp";

    public string StatusTopic => $"ie/s/j/simatic/v1/{_names.App}/status";

    public string ReadTopic(string collection) => $"ie/d/j/simatic/v1/{_names.App}/dp/r/{_names.Connection}/{collection}";

    public byte[] Metadata() => Json(json =>
    {
        json.WriteNumber("seq", 1);
        json.WriteNumber("hashVersion", HashVersion);
        json.WriteString("applicationName", _names.App);
        json.WriteString("statustopic", StatusTopic);
        json.WriteStartArray("connections");
        json.WriteStartObject();
        json.WriteString("name", _names.Connection);
        json.WriteString("type", "simulated");
        json.WriteStartArray("dataPoints");
        foreach (var collection in _collections)
            WriteCollection(json, collection, ReadTopic(collection.Name));
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    });

    /// <summary>Writes the status: <c>available</c> and <c>good</c>, or <c>unavailable</c> and <c>bad</c> (also the last will).</summary>
    public byte[] Status(bool available) => Json(json =>
    {
        json.WriteStartObject("connector");
        json.WriteString("status", available ? "available" : "unavailable");
        json.WriteEndObject();
        json.WriteStartArray("connections");
        json.WriteStartObject();
        json.WriteString("name", _names.Connection);
        json.WriteString("status", available ? "good" : "bad");
        json.WriteEndObject();
        json.WriteEndArray();
    });

    private static void WriteCollection(Utf8JsonWriter json, AssetCollection collection, string topic)
    {
        json.WriteStartObject();
        json.WriteString("name", collection.Name);
        json.WriteString("topic", topic);
        json.WriteString("publishType", collection.PublishType);
        json.WriteStartArray("dataPointDefinitions");
        foreach (var point in collection.Points)
        {
            json.WriteStartObject();
            json.WriteString("name", point.Name);
            json.WriteString("id", point.Id);
            json.WriteString("dataType", point.DataType);
            json.WriteString("accessMode", "r");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    // FNV-1a: any 32-bit hash will do, as long as equal definitions get equal values in every process.
    private static uint Hash(IEnumerable<DataPoint> points)
    {
        var hash = 2166136261;
        foreach (var point in points)
        {
            foreach (var b in Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{point.Id}|{point.Name}|{point.DataType}\n")))
                hash = (hash ^ b) * 16777619;
        }

        return hash;
    }
}

using System.Text.Json.Serialization;

namespace Mlops.Benchmarks.Json;

/// <summary>The same message as anybody would declare it for System.Text.Json.</summary>
internal sealed class BulkMessageClass
{
    [JsonPropertyName("seq")]
    public long Sequence { get; set; }

    [JsonPropertyName("mdHashVer")]
    public long HashVersion { get; set; }

    [JsonPropertyName("vals")]
    public IReadOnlyList<Value> Values { get; set; } = [];

    internal sealed class Value
    {
        [JsonPropertyName("id")]
        public string Id { get; set; } = "";

        [JsonPropertyName("val")]
        public double Number { get; set; }

        [JsonPropertyName("ts")]
        public DateTimeOffset Time { get; set; }

        [JsonPropertyName("qc")]
        public int Quality { get; set; }
    }
}

[JsonSerializable(typeof(BulkMessageClass))]
internal sealed partial class BulkMessageJson : JsonSerializerContext;

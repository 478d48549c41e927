using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mlops.Client;

namespace Mlops.Web.Live;

/// <summary>Server-sent events as bytes; made once for all who listen. The data is one line of JSON.</summary>
internal static class EventFrame
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Heartbeat { get; } = ": still here\n\n"u8.ToArray();

    public static ReadOnlyMemory<byte> Of<T>(string name, T data) => Of(name, null, json => JsonSerializer.Serialize(json, data, MlopsJson.Of<T>()));

    public static ReadOnlyMemory<byte> Of(string name, long? id, Action<Utf8JsonWriter> data)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        buffer.Write(Encoding.UTF8.GetBytes(id is { } number ? $"event: {name}\nid: {number}\ndata: " : $"event: {name}\ndata: "));
        using (var json = new Utf8JsonWriter(buffer, Options))
            data(json);
        buffer.Write("\n\n"u8);
        return buffer.WrittenMemory;
    }
}

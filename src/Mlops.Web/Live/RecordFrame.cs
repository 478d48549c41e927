using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mlops.Client;
using Mlops.Data;
using Mlops.Prediction;
using Mlops.Web.Rest;
using Mlops.Web.Runs;

namespace Mlops.Web.Live;

/// <summary>An event with records, or answers of a deployment, that is being made. Used by one at a time.</summary>
internal sealed class RecordFrame(string feed, string? deployment)
{
    private const int MaxRows = 500;
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private ArrayBufferWriter<byte> _buffer = new(1024);
    private Utf8JsonWriter? _json;
    private long _position;
    private int _rows;

    public bool IsEmpty => _rows == 0;

    public bool IsFull => _rows == MaxRows;

    public void Add(RecordBatch batch, int row)
    {
        Utf8JsonWriter json = _json ??= Begin();
        if (deployment is null)
            RecordJson.Write(json, batch, row);
        else
            JsonSerializer.Serialize(json, RunContracts.Of(PredictionSchema.Read(batch, row, null)), MlopsJson.Of<PredictionAnswer>());
        _position = batch.Positions[row];
        _rows++;
    }

    /// <summary>Returns the event and begins another.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        _json!.WriteEndArray();
        _json.WriteEndObject();
        _json.Dispose();
        _buffer.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\nid: {_position}\n\n")));
        ReadOnlyMemory<byte> frame = _buffer.WrittenMemory;
        // Those who have not sent it yet share the buffer, so it is not used again.
        _buffer = new ArrayBufferWriter<byte>(frame.Length);
        (_json, _rows) = (null, 0);
        return frame;
    }

    private Utf8JsonWriter Begin()
    {
        _buffer.Write(deployment is null ? "event: records\ndata: "u8 : "event: predictions\ndata: "u8);
        var json = new Utf8JsonWriter(_buffer, Options);
        json.WriteStartObject();
        json.WriteString(deployment is null ? "feed" : "deployment", deployment ?? feed);
        json.WriteStartArray(deployment is null ? "records" : "predictions");
        return json;
    }
}

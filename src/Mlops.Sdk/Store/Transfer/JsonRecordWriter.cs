using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mlops.Data;

namespace Mlops.Store.Transfer;

/// <summary>Writes a JSON array of objects. What JSON has no number for (NaN, infinity) is text.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Over a buffer the writer holds managed memory only.")]
internal sealed class JsonRecordWriter : RecordWriter
{
    private static readonly JsonEncodedText TimestampProperty = JsonEncodedText.Encode(TimestampName);
    private readonly ArrayBufferWriter<byte> _instant = new(32);
    private readonly JsonEncodedText[] _names;
    private readonly Utf8JsonWriter _json;

    public JsonRecordWriter(Stream stream, FeedSchema schema, bool withTimestamp)
        : base(stream, schema, withTimestamp)
    {
        _names = [.. schema.Fields.Select(f => JsonEncodedText.Encode(f.Name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping))];
        _json = new Utf8JsonWriter(Buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    }

    private protected override void Begin() => _json.WriteStartArray();

    private protected override void Write(RecordBatch batch, int row)
    {
        _json.WriteStartObject();
        if (WithTimestamp)
        {
            _json.WritePropertyName(TimestampProperty);
            WriteInstant(batch.Timestamps[row]);
        }

        for (int c = 0; c < _names.Length; c++)
        {
            _json.WritePropertyName(_names[c]);
            WriteValue(batch.Column(c), row);
        }

        _json.WriteEndObject();
        _json.Flush();
    }

    private protected override void End()
    {
        _json.WriteEndArray();
        _json.Flush();
        _json.Dispose();
    }

    private void WriteValue(Column column, int row)
    {
        if (!column.IsValid(row))
        {
            _json.WriteNullValue();
            return;
        }

        switch (column.Type)
        {
            case FieldType.Boolean:
                _json.WriteBooleanValue(column.Values<byte>()[row] != 0);
                break;
            case FieldType.Text:
                _json.WriteStringValue(column.Utf8(row));
                break;
            case FieldType.Timestamp:
                WriteInstant(column.Values<long>()[row]);
                break;
            case FieldType.Float64 when column.Values<double>()[row] is var number:
                if (double.IsFinite(number))
                    _json.WriteNumberValue(number);
                else
                    _json.WriteStringValue(double.IsNaN(number) ? "NaN"u8 : number > 0 ? "Infinity"u8 : "-Infinity"u8);
                break;
            case FieldType.UInt64:
                _json.WriteNumberValue(column.Values<ulong>()[row]);
                break;
            default:
                _json.WriteNumberValue(column.Values<long>()[row]);
                break;
        }
    }

    private void WriteInstant(long nanoseconds)
    {
        _instant.ResetWrittenCount();
        InstantText.Write(_instant, nanoseconds);
        _json.WriteStringValue(_instant.WrittenSpan);
    }
}
